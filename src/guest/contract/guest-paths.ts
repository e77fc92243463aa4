/** Whose directories: they bear the deployment's and the role's name (role-runtime.md 10). */
export interface Owner {
  readonly deploymentId: string
  readonly role: string
}

/** A log of a guest: the name by which `reddog logs` knows it, and its logical path. */
export interface GuestLog {
  readonly name: string
  readonly path: string
}

/** A log in files that follow one another; the number in a file's name says which is the newest. */
export interface RollingLog {
  readonly name: string
  /** Logical. */
  readonly directory: string
  readonly fileName: RegExp
}

export const configDirectory = 'C:\\Config'
export const logsDirectory = 'C:\\Logs'
/** Where a role finds its certificates (wire-server.md 8). */
export const certificatesDirectory = 'C:\\Certificates'
export const resourcesDirectory = 'C:\\Resources'
/** One append-only file for each channel of the event log (G-10). */
export const eventLogDirectory = 'D:\\Windows\\System32\\Winevt\\Logs'
/** Programs that WaAppAgent installs (F-11). */
export const agentPackagesDirectory = 'D:\\Packages\\GuestAgent'

export const drives = ['c', 'd', 'e', 'f'] as const
export type Drive = (typeof drives)[number]

/** `applicationHost.config`, where administrators of IIS look for it. */
export const webServerConfig = 'D:\\Windows\\System32\\inetsrv\\config\\applicationHost.config'

/** Digits of the role's machine key (I-14); the instance's alone. */
export const webServerMachineKey = 'D:\\Windows\\System32\\inetsrv\\config\\machine.key'

/** Requests that never reached a site, `httperr<n>.log` (G-12). */
export const listenerLogDirectory = 'D:\\Windows\\System32\\LogFiles\\HTTPERR'

/** Web logs of an instance: one directory for each site below it, `W3SVC<number>` (G-9). */
export function webLogDirectory(owner: Owner): string {
  return `${diagnosticStore(owner)}\\LogFiles`
}

/** Traces of failed requests of an instance: one directory for each site below it, `W3SVC<number>` (G-13, I-63). */
export function failedRequestDirectory(owner: Owner): string {
  return `${diagnosticStore(owner)}\\FailedReqLogFiles`
}

/** Where local storage of that name lies. */
export function localResourceDirectory(owner: Owner, resource: string): string {
  return `${roleDirectory(owner)}.${resource}`
}

/** The directory without resource suffix that every instance has (G-8). */
export function roleDirectory({ deploymentId, role }: Owner): string {
  return `${resourcesDirectory}\\Directory\\${deploymentId}.${role}`
}

export function diagnosticStore(owner: Owner): string {
  return localResourceDirectory(owner, 'DiagnosticStore')
}

/** TEMP and TMP of the role (S-31). */
export function roleTempDirectory({ deploymentId, role }: Owner): string {
  return `${resourcesDirectory}\\temp\\${deploymentId}.${role}\\RoleTemp`
}

/** Drives on which role roots stand in turn. */
export type RootLetter = 'E' | 'F'

/** Where the role root of that number stands: E: for odd numbers, F: for even ones (S-34). */
export function rootLetter(root: number): RootLetter {
  return root % 2 === 1 ? 'E' : 'F'
}

/** `C:\Logs\WaAppAgent.Log` → `<root>/c/Logs/WaAppAgent.Log` (G-1); undefined when the path has no drive of a guest or leaves it. */
export function realPath(root: string, logical: string): string | undefined {
  const [, letter, rest = ''] = /^([c-f]):(?:[\\/](.*))?$/i.exec(logical) ?? []
  const parts = rest.split(/[\\/]/).filter((part) => part !== '')
  if (letter === undefined || parts.some((part) => part === '.' || part === '..')) return undefined
  return [root, letter.toLowerCase(), ...parts].join('/')
}

/** The other way round; undefined when the path is not on a drive below `root`. */
export function logicalPath(root: string, real: string): string | undefined {
  if (!real.startsWith(`${root}/`)) return undefined
  const [, letter, rest = ''] = /^([c-f])(?:\/(.*))?$/.exec(real.slice(root.length + 1)) ?? []
  return letter === undefined ? undefined : `${letter.toUpperCase()}:\\${rest.replaceAll('/', '\\')}`
}

/** The logs of section 8 and the role's own output; a log that the role's kind does not write is a file that never exists. */
export function guestLogs(owner: Owner): readonly GuestLog[] {
  const inRole = (name: string): GuestLog => ({ name, path: `${roleDirectory(owner)}\\${name}.log` })
  const channel = (name: string): GuestLog => ({ name, path: `${eventLogDirectory}\\${name}` })
  return [
    { name: 'WaAppAgent', path: `${logsDirectory}\\WaAppAgent.Log` },
    { name: 'AppAgentRuntime', path: `${logsDirectory}\\AppAgentRuntime.Log` },
    { name: 'WaHostBootstrapper', path: `${diagnosticStore(owner)}\\WaHostBootstrapper.log` },
    { name: 'DiagnosticsAgent', path: `${diagnosticStore(owner)}\\DiagnosticsAgent.log` },
    inRole('WaWorkerHost'),
    inRole('WaIISHost'),
    inRole('WaWebHost'),
    inRole('IISConfigurator'),
    inRole('RoleOutput'),
    ...['RemoteAccessAgent', 'RemoteForwarder'].map((name) => ({ name, path: `${logsDirectory}\\${name}.log` })),
    channel('Application'),
    channel('System'),
    channel('Windows Azure'),
  ]
}

/** Sites whose web logs `reddog logs` looks for. Origin: choice, more than any package of the field has. */
const mostSites = 50

/** The logs of a web role's listener (I-35, G-9, G-12); one that has no file yet is not there. */
export function rollingLogs(owner: Owner): readonly RollingLog[] {
  const ofSites = Array.from({ length: mostSites }, (_, index) => `W3SVC${index + 1}`)
  return [
    { name: 'HTTPERR', directory: listenerLogDirectory, fileName: /^httperr(\d{1,9})\.log$/ },
    ...ofSites.map((name) => ({
      name,
      directory: `${webLogDirectory(owner)}\\${name}`,
      fileName: /^u_ex(\d{8})\.log$/,
    })),
  ]
}
