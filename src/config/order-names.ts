/** What `order` can be: see docs/order.md. */
export const ORDERS = ['auto', 'content', 'together'] as const;
