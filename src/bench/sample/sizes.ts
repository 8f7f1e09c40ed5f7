/** The sample projects that `bench` measures with where no project is named. */
export const SAMPLE_NAMES = ['small', 'medium', 'large', 'workspace'] as const;

export type SampleName = (typeof SAMPLE_NAMES)[number];

/** How a sample is made. */
export interface SampleSize {
  readonly name: SampleName;
  /** Pages with a route of their own, the first one included. */
  readonly pages: number;
  /** One crate for all, or three: what is shared, the browser's and the server's. */
  readonly layout: 'single' | 'workspace';
}

const SIZES: Readonly<Record<SampleName, SampleSize>> = {
  small: { name: 'small', pages: 3, layout: 'single' },
  medium: { name: 'medium', pages: 30, layout: 'single' },
  large: { name: 'large', pages: 120, layout: 'single' },
  workspace: { name: 'workspace', pages: 30, layout: 'workspace' },
};

export function sampleSize(name: SampleName): SampleSize {
  return SIZES[name];
}

/** Whether a word names one of the samples. */
export function isSampleName(name: string): name is SampleName {
  return (SAMPLE_NAMES as readonly string[]).includes(name);
}
