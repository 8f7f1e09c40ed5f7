import { parse } from 'smol-toml';
import { type CargoConfigFile, configValue, readCargoConfigs } from '../cargo-config.js';
import { type Diagnosis, type DoctorCheck, type ProjectContext, worstOf } from '../diagnosis.js';

/** Settings that belong into a release, and what they cost in development. */
const COSTLY: readonly { readonly key: string; readonly isBad: (value: unknown) => boolean; readonly why: string }[] = [
  {
    key: 'panic',
    isBad: (value) => value === 'abort',
    why: 'One panic in a request then ends the whole server, instead of that request.',
  },
  {
    key: 'lto',
    isBad: (value) => value === true || value === 'fat' || value === 'thin',
    why: 'Each edit then optimises all crates once more when it links.',
  },
  { key: 'codegen-units', isBad: (value) => value === 1, why: 'Each edit then compiles the whole crate on one core.' },
  {
    key: 'opt-level',
    isBad: (value) => value === 2 || value === 3 || value === 's' || value === 'z',
    why: 'Each edit then optimises the whole crate.',
  },
];

interface Source {
  readonly manifest: string;
  /** What the manifest says under `profile`. */
  readonly profiles: Readonly<Record<string, unknown>>;
  readonly configs: readonly CargoConfigFile[];
}

/** Are development builds made with a profile for releases, or with settings that belong into one? */
export const devProfileCheck: DoctorCheck = { id: 'dev-profile', of: 'project', check };

async function check(context: ProjectContext): Promise<Diagnosis> {
  const { system, workspace, projects } = context;
  const source = {
    manifest: workspace.manifestPath,
    profiles: profilesIn(await system.readText(workspace.manifestPath)),
    configs: await readCargoConfigs(context),
  };
  const used = projects.flatMap(({ config }) => [config.libProfileDev ?? 'dev', config.binProfileDev ?? 'dev']);
  const findings = [...new Set(used)].flatMap((name) => diagnoseProfile(name, source));
  return worstOf(findings, {
    status: 'ok',
    found: `${[...new Set(used)].join(' and ')}: nothing that belongs into a release`,
  });
}

/** Profiles that cargo has by itself. */
const BUILT_IN: ReadonlySet<string> = new Set(['dev', 'release', 'test', 'bench']);

function diagnoseProfile(name: string, source: Source): readonly Diagnosis[] {
  if (!BUILT_IN.has(name) && !(name in source.profiles) && !configValue(source.configs, ['profile', name])) {
    return [
      {
        status: 'problem',
        found: `development builds use the profile ${name}, and there is no [profile.${name}]`,
        why: 'cargo stops with: profile is not defined.',
        where: { file: source.manifest },
        fix: [
          name === 'dev-fast' ? 'leptos-fast init' : `Add [profile.${name}] to this file`,
          'or take lib-profile-dev and bin-profile-dev out of the Leptos metadata',
        ],
      },
    ];
  }
  const chain = chainOf(name, source);
  if (chain.includes('release') || chain.includes('bench')) {
    return [
      {
        status: 'warning',
        found: `development builds use the profile ${name}, which is made for releases`,
        why: 'Every edit then waits for an optimised build.',
        where: { file: source.manifest },
        fix: ['Take lib-profile-dev and bin-profile-dev out of the Leptos metadata, or: leptos-fast init'],
      },
    ];
  }
  return COSTLY.flatMap(({ key, isBad, why }): Diagnosis[] => {
    for (const profile of chain) {
      const set = settingOf(profile, key, source);
      if (set === undefined) continue;
      if (!isBad(set.value)) return [];
      const text = `[profile.${profile}] sets ${key} = ${JSON.stringify(set.value)}`;
      return [
        {
          status: 'warning',
          found: text,
          why,
          where: { file: set.file },
          fix: [`Take ${key} out of [profile.${profile}]`],
        },
      ];
    }
    return [];
  });
}

/** The profile and those that it inherits from, nearest first. */
function chainOf(name: string, source: Source): readonly string[] {
  const chain: string[] = [];
  for (let current: unknown = name; typeof current === 'string' && !chain.includes(current); ) {
    chain.push(current);
    current = settingOf(current, 'inherits', source)?.value;
  }
  return chain;
}

/** Profiles in cargo's configuration win over those in the manifest. */
function settingOf(profile: string, key: string, { profiles, configs, manifest }: Source) {
  const configured = configValue(configs, ['profile', profile, key]);
  if (configured !== undefined) return configured;
  const table = profiles[profile];
  const value = typeof table === 'object' && table !== null ? (table as Record<string, unknown>)[key] : undefined;
  return value === undefined ? undefined : { value, file: manifest };
}

/** cargo has read the manifest, so a text that smol-toml cannot read is none that people wrote wrongly. */
function profilesIn(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const { profile } = parse(text ?? '');
    return typeof profile === 'object' ? (profile as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
