import { fine, type Result, refused } from '../../kernel/fault.ts'
import { own } from '../../kernel/own.ts'
import {
  type ApplicationHost,
  poolDefaults,
  type SiteBinding,
  type WebApplication,
} from '../../service-model/application-host/application-host.ts'
import type { Site, VirtualPath } from '../../service-model/definition.ts'
import type { CurrentInstance } from '../../service-model/role-environment.ts'

/** What an instance adds to the sites of its role. */
export interface Surroundings {
  readonly instance: Pick<CurrentInstance, 'id' | 'endpoints'>
  /** Thumbprints of the certificates of https endpoints, by the endpoint's name. */
  readonly certificates: Readonly<Record<string, string>>
  /** Real directory of the web logs (I-5). */
  readonly logDirectory: string
  /** Real directory of the traces of failed requests (I-63). */
  readonly traceDirectory: string
  /** Real path of a directory of the role root, ignoring case; undefined when the package has none. */
  readonly find: (path: string) => string | undefined
}

/** Where a site lies that names no directory of its own. */
const ownDirectory = 'approot'

/** Traces of failed requests that a site has. Origin: the original's configuration of a web role, as administrators remember it. */
const mostTraces = 1_000

/** Pools and sites of a role's sites, one pool for each (I-4, I-7, I-9 to I-13). Refused with a sentence when that is impossible. */
export function sitesOf(
  sites: readonly Site[],
  surroundings: Surroundings,
): Result<Pick<ApplicationHost, 'pools' | 'sites'>> {
  const named = sites.map((site) => ({ site, name: `${surroundings.instance.id}_${site.name}` }))
  const faults: string[] = []
  const found = named.map(({ site, name }, index) => ({
    name,
    id: index + 1,
    bindings: bindingsOf(site, surroundings, faults),
    logDirectory: surroundings.logDirectory,
    traces: { directory: surroundings.traceDirectory, mostFiles: mostTraces },
    applications: applicationsOf(site, name, surroundings, faults),
  }))
  if (faults.length > 0) return refused('SitesCannotBe', faults.join(' '))
  return fine({ pools: named.map(({ name }) => ({ ...poolDefaults, name })), sites: found })
}

/** The one site of a web role without Sites, at all of its http and https endpoints (I-21, I-22). */
export function hostedSite({ endpoints }: Surroundings['instance']): Site {
  const own = endpoints.filter(({ protocol }) => protocol === 'http' || protocol === 'https')
  return {
    name: 'Web',
    physicalDirectory: ownDirectory,
    bindings: own.map(({ name }) => ({ name, endpointName: name })),
    virtualApplications: [],
    virtualDirectories: [],
  }
}

/** Two of a site that are equal are one (2.11). */
function bindingsOf(
  { name: site, bindings }: Site,
  { instance, certificates }: Surroundings,
  faults: string[],
): readonly SiteBinding[] {
  const found = new Map<string, SiteBinding>()
  for (const { name, endpointName, hostHeader = '' } of bindings) {
    const endpoint = instance.endpoints.find((one) => one.name === endpointName)
    const protocol = endpoint?.protocol === 'https' ? 'https' : 'http'
    const certificate = own(certificates, endpointName)
    const isTcp = endpoint?.publicPort !== undefined && /^(?:tcp|udp)$/.test(endpoint.protocol)
    if (!endpoint)
      faults.push(
        `The binding ${name} of site ${site} names the endpoint ${endpointName}, which the instance does not have.`,
      )
    else if (isTcp)
      faults.push(
        `The binding ${name} of site ${site} names the endpoint ${endpointName}, which is ${endpoint.protocol}; a site needs http or https.`,
      )
    else if (protocol === 'https' && certificate === undefined)
      faults.push(
        `The binding ${name} of site ${site} is https, and its endpoint ${endpointName} names no certificate.`,
      )
    else {
      const { address, port } = endpoint
      const binding = { protocol, address, port, hostHeader: hostHeader.trim().toLowerCase(), certificate } as const
      found.set(`${port} ${binding.hostHeader}`, binding)
    }
  }
  return [...found.values()]
}

/** A virtual application has its own root below the site; a virtual directory belongs to the application around it (I-13). */
function applicationsOf(site: Site, pool: string, { find }: Surroundings, faults: string[]): readonly WebApplication[] {
  const physical = (directory: string | undefined, what: string): string => {
    const path = (directory || ownDirectory).replaceAll('\\', '/').replace(/^\.?\/|\/$/g, '')
    const real = find(path)
    if (real === undefined)
      faults.push(`${what} of site ${site.name} lies in "${path}", which the package does not have.`)
    return real ?? ''
  }
  const application = (path: string, parent: Site | VirtualPath, physicalPath: string): readonly WebApplication[] => {
    const inside = directoriesIn(parent, '')
    return [
      {
        path: path || '/',
        pool,
        directories: [
          { path: '/', physicalPath },
          ...inside.map((one) => ({
            path: one.path,
            physicalPath: physical(one.directory.physicalDirectory, `The virtual directory ${path}${one.path}`),
          })),
        ],
      },
      ...[{ path: '', directory: parent }, ...inside].flatMap((one) =>
        one.directory.virtualApplications.flatMap((below) => {
          const at = `${path}${one.path}/${urlOf(below.name)}`
          return application(at, below, physical(below.physicalDirectory, `The virtual application ${at}`))
        }),
      ),
    ]
  }
  return application('', site, physical(site.physicalDirectory, 'The content'))
}

interface Inside {
  readonly path: string
  readonly directory: VirtualPath
}

/** The virtual directories of an application, those in others included. */
function directoriesIn(parent: Site | VirtualPath, prefix: string): readonly Inside[] {
  return parent.virtualDirectories.flatMap((directory) => {
    const path = `${prefix}/${urlOf(directory.name)}`
    return [{ path, directory }, ...directoriesIn(directory, path)]
  })
}

const urlOf = (name: string) => name.replaceAll('\\', '/').replace(/^\/+|\/+$/g, '')
