import { type Finding, hinders, type Subject, type Verdict } from '../../service-model/findings/finding.ts'
import { counted } from './counted.ts'

const subjects: Readonly<Record<Subject, string>> = {
  role: 'role',
  startupTask: 'startup task',
  entryPoint: 'entry point',
  site: 'site',
  assembly: 'library',
  plugin: 'plug-in',
  certificate: 'certificate',
  endpoint: 'endpoint',
  localStorage: 'local storage',
  networkTrafficRules: 'network traffic rules',
  configuration: 'configuration',
}

const verdicts: Readonly<Record<Verdict, string>> = {
  asIs: 'runs as is',
  recipe: 'runs by recipe',
  wine: 'runs by wine',
  passedOver: 'is passed over',
  needsOverlay: 'NEEDS AN OVERLAY',
  cannotRun: 'CANNOT RUN HERE',
}

/** Findings grouped by role, in the order in which an instance meets them; the service itself first. */
export function findingLines(
  findings: readonly Finding[],
  instances: Readonly<Record<string, number>>,
): readonly string[] {
  const roles = [...new Set(findings.map(({ role }) => role))].toSorted(
    (one, other) => Number(one !== '') - Number(other !== ''),
  )
  return roles.flatMap((role) => [
    '',
    role === ''
      ? 'The service'
      : `${role}${instances[role] === undefined ? '' : `, ${counted(instances[role], 'instance')}`}`,
    ...ordered(findings.filter((finding) => finding.role === role)).flatMap(linesOf),
  ])
}

/** The end: whether it runs, and what has to be written first. */
export function verdictLines(findings: readonly Finding[]): readonly string[] {
  const hindrances = findings.filter(hinders)
  if (hindrances.length === 0) return ['', 'It runs here.']
  const files = overlayFiles(findings)
  const toCorrect = hindrances.filter(({ subject }) => subject === 'configuration').length
  const toWrite = hindrances.filter(({ verdict }) => verdict === 'needsOverlay').length
  const parts = [
    [toCorrect, 'to be corrected in the configuration'],
    [toWrite, 'that an overlay mends'],
    [hindrances.length - toCorrect - toWrite, 'that cannot run here'],
  ] as const
  const words = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  return [
    '',
    `It does not run here: ${counted(hindrances.length, 'thing')} in the way, ${words.join(', ')}.`,
    ...(files.length === 0
      ? []
      : ['An overlay, a directory or ZIP for --overlay, has to hold:', ...files.map((file) => `  ${file}`)]),
  ]
}

/** The files that an overlay has to hold, each once. */
export function overlayFiles(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.flatMap(({ verdict, file }) => (verdict === 'needsOverlay' && file ? [file] : [])))]
}

/** One finding on one line. */
export function findingLine({ role, subject, name, verdict, reason, file }: Finding): string {
  const what = [role, subjects[subject], name && name !== role ? `"${name}"` : ''].filter(Boolean).join(' ')
  return `${what} ${verdicts[verdict].toLowerCase()}: ${reason}${file === undefined ? '' : ` (overlay: ${file})`}`
}

function linesOf({ role, subject, name, verdict, reason, file }: Finding): readonly string[] {
  if (name === '') return [`  ${subjects[subject]}: ${reason}`]
  const named = name === role ? '' : `  ${name}`
  // What is provided needs no verdict.
  const isProvided = verdict === 'asIs' && subject !== 'startupTask' && subject !== 'entryPoint'
  return [
    `  ${subjects[subject]}${named}`,
    `      ${isProvided || verdict === 'passedOver' ? '' : `${verdicts[verdict]}. `}${reason}`,
    ...(file === undefined ? [] : [`      write ${file}`]),
  ]
}

function ordered(findings: readonly Finding[]): readonly Finding[] {
  const order = Object.keys(subjects)
  return findings.toSorted((one, other) => order.indexOf(one.subject) - order.indexOf(other.subject))
}
