import type { DoctorCheck } from '../diagnosis.js';

/** Can leptos-fast.toml and the variables of ours be read? `dev` stops at the first that cannot. */
export const settingsCheck: DoctorCheck = {
  id: 'settings',
  of: 'project',
  codes: ['LF022', 'LF023'],
  check: async ({ system, workspace }) => {
    const settings = await system.settings(workspace.root, system.env);
    if (settings.ok) return { status: 'ok', found: 'leptos-fast.toml and variables of leptos-fast can be read' };
    const [first, ...others] = settings.error;
    if (!first) return { status: 'unknown', found: 'whether leptos-fast.toml can be read' };
    const why = [first.why ?? '', ...others.map(({ message }) => `Also: ${message}.`)].filter((line) => line !== '');
    return {
      status: 'problem',
      found: first.message,
      code: first.code,
      fix: first.help,
      ...(first.where && { where: first.where }),
      ...(why.length > 0 && { why: why.join('\n') }),
    };
  },
};
