import { type Finding, hinders, type Subject } from '../../../../service-model/findings/finding.ts'

/** In the order in which an instance meets them. */
const subjects: readonly Subject[] = [
  'role',
  'startupTask',
  'entryPoint',
  'site',
  'assembly',
  'plugin',
  'certificate',
  'endpoint',
  'localStorage',
  'networkTrafficRules',
  'configuration',
]

/** The service itself first, then role by role; of each what is in the way first. */
export function orderedFindings(findings: readonly Finding[]): readonly Finding[] {
  const roles = [...new Set(['', ...findings.map(({ role }) => role)])]
  return findings.toSorted(
    (one, other) =>
      roles.indexOf(one.role) - roles.indexOf(other.role) ||
      Number(hinders(other)) - Number(hinders(one)) ||
      subjects.indexOf(one.subject) - subjects.indexOf(other.subject),
  )
}

/** What one has to know before going on: what is in the way, and what runs by other means than it was made for. */
export function worthSaying({ verdict }: Finding): boolean {
  return verdict !== 'asIs'
}

/** The files that an overlay has to hold, each once. */
export function overlayFiles(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.flatMap(({ verdict, file }) => (verdict === 'needsOverlay' && file ? [file] : [])))]
}
