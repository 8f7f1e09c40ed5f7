import { seededRandom } from '../../record/random.js';

const KINDS = ['Anemones', 'Barnacles', 'Crabs', 'Dulse', 'Gobies', 'Kelp', 'Limpets', 'Mussels', 'Urchins', 'Whelks'];
const PLACES = ['North ledge', 'South ledge', 'Deep pool', 'Gravel bank', 'Old pier', 'Sand bar', 'Cave', 'Weed bed'];
const SUBJECTS = ['The colony', 'A survey', 'The tide', 'Each pool', 'The shaded side', 'A single stone', 'The count'];
const VERBS = ['shows', 'hides', 'keeps', 'moves', 'shelters', 'changes', 'carries'];
const OBJECTS = [
  'more life than last year',
  'what the storm left',
  'some of the young',
  'salt and light',
  'its own order',
];
const TIMES = ['at low water', 'after the spring tide', 'in the morning', 'while nobody looks', 'until autumn'];

/** Ten pages make a section; a section's name is the folder and the first part of the address of its pages. */
export const PAGES_IN_SECTION = 10;

/** Texts of the sample projects: the same for the same page, on every machine. */
export class Words {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  sentence(): string {
    return `${this.#one(SUBJECTS)} ${this.#one(VERBS)} ${this.#one(OBJECTS)} ${this.#one(TIMES)}.`;
  }

  /** A whole number from 1. */
  count(most: number): number {
    return 1 + Math.floor(this.#random() * most);
  }

  #one(words: readonly string[]): string {
    return words[Math.floor(this.#random() * words.length)] ?? '';
  }
}

/** What a page is about. */
export function titleOf(page: number): string {
  return `${KINDS[page % KINDS.length] ?? ''} ${page}`;
}

export function placeName(index: number): string {
  return PLACES[index % PLACES.length] ?? '';
}
