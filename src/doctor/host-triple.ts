import type { MachineContext } from './diagnosis.js';

/** The triple for which the active rustc compiles by default, as `rustc -vV` tells it. */
export async function hostTriple({ system, root }: MachineContext): Promise<string | undefined> {
  const rustc = await system.find('rustc');
  if (rustc === undefined) return undefined;
  const answer = await system.ask(rustc, ['-vV'], root);
  return answer.kind === 'answered' ? /^host: (\S+)$/m.exec(answer.stdout)?.[1] : undefined;
}
