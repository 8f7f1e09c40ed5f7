/** Orders `x.y.z` versions; a pre-release comes before its release. Negative when `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [coreA, preA] = split(a);
  const [coreB, preB] = split(b);
  for (let index = 0; index < 3; index++) {
    const difference = (coreA[index] ?? 0) - (coreB[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(preB !== undefined) - Number(preA !== undefined);
}

function split(version: string): readonly [readonly number[], string | undefined] {
  const [core = '', pre] = version.split('+')[0]?.split(/-(.*)/s) ?? [];
  return [core.split('.').map(Number), pre];
}
