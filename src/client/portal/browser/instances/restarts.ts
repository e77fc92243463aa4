import type { Restart } from '../../../service-management/service-management.ts'

/** What becomes of a drive. */
export type Fate = 'kept' | 'rebuilt'

/** The drives of an instance as table 3.1 has them: local resources, guest operating system, role root. */
export const drives = ['c', 'd', 'e'] as const
export type Drive = (typeof drives)[number]

/** What an operation on an instance does to its drives (table 3.1). */
export const fates: Readonly<Record<Restart, Readonly<Record<Drive, Fate>>>> = {
  reboot: { c: 'kept', d: 'kept', e: 'rebuilt' },
  reimage: { c: 'kept', d: 'rebuilt', e: 'rebuilt' },
  rebuild: { c: 'rebuilt', d: 'rebuilt', e: 'rebuilt' },
}

/** Whether a role has this one instance alone: it serves nobody while the instance is away (M-10). */
export function isOnly(instances: readonly { readonly name: string; readonly role: string }[], name: string): boolean {
  const role = instances.find((one) => one.name === name)?.role
  return instances.filter((one) => one.role === role).length === 1
}
