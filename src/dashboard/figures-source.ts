/** What is asked of the history. */
export interface FiguresQuestion {
  readonly days: number;
  /** The generation that the asker has already; null when it has none. */
  readonly known: number | null;
  /** Of a long history the newest days will do for the beginning. */
  readonly mayBePartial?: boolean;
}

/** The generation of figures of the newest days alone: whoever knows it has yet to be told the rest. */
export const PARTIAL = 0;

/** The figures as JSON (`Figures`), or why there are none. */
export type FiguresAnswer =
  | { readonly kind: 'figures'; readonly generation: number; readonly json: string }
  /** They are those of the generation that the asker knows. */
  | { readonly kind: 'same' }
  | { readonly kind: 'problem'; readonly message: string };

/** Who knows the figures of a history that goes on. */
export interface FiguresSource {
  ask(question: FiguresQuestion): Promise<FiguresAnswer>;
  /** Ends what it has running. */
  close(): Promise<void>;
}
