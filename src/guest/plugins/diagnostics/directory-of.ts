import { type DirectorySource, isOfSites, type OfSites } from '../../../service-model/diagnostics/configuration.ts'
import type { CurrentInstance } from '../../../service-model/role-environment.ts'
import { failedRequestDirectory, type Owner, realPath, webLogDirectory } from '../../contract/guest-paths.ts'

const directories: Readonly<Record<OfSites, (owner: Owner) => string>> = {
  webLogs: webLogDirectory,
  failedRequests: failedRequestDirectory,
}

/**
 * Real directory of a source (P-18): that of the web logs (G-9) or of traces of failed requests (G-13); an absolute path of the original's drives or of Linux, its `%VARIABLES%` expanded if
 * requested; or local storage and a path below it.
 */
export function directoryOf(
  { container, place }: DirectorySource,
  { root, ...owner }: Owner & { readonly root: string },
  { localResources }: Pick<CurrentInstance, 'localResources'>,
  variables: Readonly<Record<string, string | undefined>>,
): { readonly path: string } | { readonly why: string } {
  const nowhere = (what: string) => ({ why: `Nothing is transferred to the container ${container}: ${what}` })
  if (place.kind === 'local') {
    const resource = localResources.find(({ name }) => name === place.resource)
    if (!resource) return nowhere(`the role has no local storage ${place.resource}.`)
    const parts = place.relativePath.split(/[\\/]/).filter((part) => part !== '' && part !== '.')
    if (parts.includes('..')) return nowhere(`"${place.relativePath}" leaves the local storage ${place.resource}.`)
    return { path: [resource.path.replace(/\/$/, ''), ...parts].join('/') }
  }
  const path = isOfSites(place) ? directories[place.kind](owner) : written(place, variables)
  const real = path.startsWith('/') ? path : realPath(root, path)
  return real === undefined ? nowhere(`"${path}" is no path of an instance.`) : { path: real }
}

/** Names of variables ignore case, as on Windows; the name of an unset one stays. */
function written(
  { path, expand }: { readonly path: string; readonly expand: boolean },
  variables: Readonly<Record<string, string | undefined>>,
): string {
  if (!expand) return path
  const byName = new Map(Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value]))
  return path.replace(/%([^%]+)%/g, (found, name: string) => byName.get(name.toLowerCase()) ?? found)
}
