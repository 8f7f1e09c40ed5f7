import * as v from 'valibot';

/**
 * The part of `cargo metadata --format-version 1` that this tool uses. Unknown keys are dropped,
 * so a newer cargo may add what it likes (https://doc.rust-lang.org/cargo/commands/cargo-metadata.html).
 */
const dependencySchema = v.object({
  name: v.string(),
  /** `null` is a normal dependency. */
  kind: v.nullable(v.string()),
  /** Absolute; only path dependencies have one. */
  path: v.optional(v.nullable(v.string())),
  /** What the manifest calls it, where that is not its name. */
  rename: v.optional(v.nullable(v.string())),
  features: v.optional(v.array(v.string())),
  uses_default_features: v.optional(v.boolean()),
});

const targetSchema = v.object({
  name: v.string(),
  kind: v.array(v.string()),
  crate_types: v.array(v.string()),
});

const packageSchema = v.object({
  id: v.string(),
  name: v.string(),
  version: v.string(),
  /** `null` for a package that lies on this machine as a folder. */
  source: v.nullable(v.string()),
  manifest_path: v.string(),
  dependencies: v.array(dependencySchema),
  /** Each of its features, with what that turns on. */
  features: v.optional(v.record(v.string(), v.array(v.string()))),
  targets: v.array(targetSchema),
  metadata: v.optional(v.unknown()),
});

const nodeSchema = v.object({
  id: v.string(),
  deps: v.array(
    v.object({
      pkg: v.string(),
      dep_kinds: v.optional(v.array(v.object({ kind: v.nullable(v.string()) }))),
    }),
  ),
});

const cargoMetadataSchema = v.object({
  packages: v.array(packageSchema),
  workspace_members: v.array(v.string()),
  workspace_root: v.string(),
  target_directory: v.string(),
  /** `null` with `--no-deps`. */
  resolve: v.nullable(v.object({ nodes: v.array(nodeSchema) })),
  /** `[workspace.metadata]`. */
  metadata: v.optional(v.unknown()),
});

export type CargoMetadata = v.InferOutput<typeof cargoMetadataSchema>;
export type CargoPackage = v.InferOutput<typeof packageSchema>;

/**
 * Parses the output of `cargo metadata`.
 * Returns what is wrong with it, as text, when it isn't of the documented shape.
 */
export function parseCargoMetadata(json: string): { readonly metadata: CargoMetadata } | { readonly problem: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (error) {
    return { problem: `its output is not JSON: ${String(error)}` };
  }
  const parsed = v.safeParse(cargoMetadataSchema, raw);
  if (parsed.success) return { metadata: parsed.output };
  const [issue] = parsed.issues;
  return { problem: `its output has an unknown shape at ${v.getDotPath(issue) ?? 'the top'}: ${issue.message}` };
}
