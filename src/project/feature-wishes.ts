import type { CargoMetadata, CargoPackage } from './cargo-metadata.js';

/** Crate → features that the packages of this machine turn on for it, each with who does: `derive`, `default`, `ssr of app: tracing`. */
export type FeatureWishes = ReadonlyMap<string, ReadonlySet<string>>;

/** What the manifests of the packages on this machine ask of their dependencies, whichever of it is turned on in the end. */
export function featureWishes({ packages }: CargoMetadata): FeatureWishes {
  const wishes = new Map<string, Set<string>>();
  const wish = (crate: string, feature: string): void => {
    wishes.set(crate, (wishes.get(crate) ?? new Set()).add(feature));
  };
  for (const pkg of packages) {
    if (pkg.source !== null) continue;
    for (const { name, kind, features = [], uses_default_features: isDefault = true } of pkg.dependencies) {
      if (kind === 'dev') continue;
      for (const feature of features) wish(name, feature);
      if (isDefault) wish(name, 'default');
    }
    for (const [own, turnedOn] of Object.entries(pkg.features ?? {})) {
      for (const { crate, feature } of turnedOn.flatMap((words) => read(words, pkg))) {
        wish(crate, `${feature} (by ${own} of ${pkg.name})`);
      }
    }
  }
  return wishes;
}

/** `leptos/ssr`, `leptos?/ssr` or `dep:axum` (doc.rust-lang.org/cargo/reference/features.html), by the dependency's name in the manifest. */
function read(words: string, pkg: CargoPackage): { crate: string; feature: string }[] {
  const [, crateOfFeature, feature] = /^([^/?:]+)\??\/(.+)$/.exec(words) ?? [];
  const named = crateOfFeature ?? /^dep:(.+)$/.exec(words)?.[1];
  if (named === undefined) return [];
  const dependency = pkg.dependencies.find(({ name, rename }) => (rename ?? name) === named);
  return [{ crate: dependency?.name ?? named, feature: feature ?? 'the crate itself' }];
}
