import type { InstanceGoal } from '../contract/goal.ts'

/** SHA-256 of the packages that an instance needs on its host: the one that it runs from, and the one to prepare. */
export function packagesOf({ packageSha256, prepare, deleting }: InstanceGoal): readonly string[] {
  if (deleting) return []
  return prepare ? [packageSha256, prepare.packageSha256] : [packageSha256]
}
