import { resolve } from 'node:path'
import { own } from '../../kernel/own.ts'
import type { RoleDefinition, Site, VirtualPath } from '../../service-model/definition.ts'
import { windowsPath } from './windows-path.ts'

export interface SiteSources {
  /** Content of sites that is not the role's own: to `sitesroot\<n>`. */
  readonly sites: readonly { readonly key: string; readonly from: string; readonly to: string }[]
  /** By key, `Site` or `Site/PATH`, → `approot` or `sitesroot\<n>`, as RoleModel.xml names it. */
  readonly physicalDirectories: Readonly<Record<string, string>>
}

/**
 * Where the content of each site goes (package-format.md 2.6): a site over the role's own directory stays `approot`; others
 * are copied to `sitesroot\<index of the site>`, virtual applications and directories to the numbers after the sites (S-13).
 */
export function siteSources(
  role: RoleDefinition,
  roleDirectory: string,
  base: string,
  named: Readonly<Record<string, string>>,
): SiteSources {
  const all = role.sites ?? []
  const paths = [
    ...all.map((site) => ({ key: site.name, path: site })),
    ...all.flatMap((site) => virtualPaths(site.name, site)),
  ]
  const placed = paths.map(({ key, path }, index) => {
    const inDefinition =
      path.physicalDirectory === undefined ? roleDirectory : resolve(base, windowsPath(path.physicalDirectory))
    const given = own(named, `${role.name}/${key}`)
    const from = given === undefined ? inDefinition : resolve(given)
    return { key, from, to: from === roleDirectory ? 'approot' : `sitesroot/${index}` }
  })
  return {
    sites: placed.filter(({ to }) => to !== 'approot'),
    physicalDirectories: Object.fromEntries(placed.map(({ key, to }) => [key, to.replaceAll('/', '\\')])),
  }
}

function virtualPaths(
  prefix: string,
  parent: Site | VirtualPath,
): readonly { readonly key: string; readonly path: VirtualPath }[] {
  return [...parent.virtualApplications, ...parent.virtualDirectories].flatMap((path) => {
    const key = `${prefix}/${path.name}`
    return [{ key, path }, ...virtualPaths(key, path)]
  })
}
