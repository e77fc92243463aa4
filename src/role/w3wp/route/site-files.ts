import type { WebSite } from '../../../service-model/application-host/application-host.ts'
import { type MappedPath, mapPath } from '../../../service-model/application-host/find-site.ts'
import { ignoringCase } from '../ignoring-case.ts'
import { lookAt } from '../look-at.ts'
import { remembered } from '../remembered.ts'
import type { Kind } from './find-mapping.ts'

/** The place on the disk of a decoded URL path of a site. */
export interface SitePath extends MappedPath {
  /** Spelled as on the disk where it is there. */
  readonly realPath: string
  readonly kind: Kind
}

/** Looks paths of a site up, each once. */
export type LookUp = (path: string) => SitePath | undefined

export function lookUps(site: WebSite): LookUp {
  return remembered((path) => lookUp(site, path))
}

/** Looks a path up, names compared ignoring case where the exact one is not there (I-44); undefined for one in no application. */
function lookUp(site: WebSite, path: string): SitePath | undefined {
  const mapped = mapPath(site, path)
  if (!mapped) return undefined
  const exact = kindAt(mapped.physicalPath)
  if (exact !== 'missing') return { ...mapped, realPath: mapped.physicalPath, kind: exact }
  const realPath = ignoringCase(mapped.root, mapped.physicalPath.slice(mapped.root.length))
  const kind = realPath === undefined ? 'missing' : kindAt(realPath)
  // A file has no slash behind its name: with one, a filter by the name's end could be avoided.
  if (realPath === undefined || (kind === 'file' && path.endsWith('/')))
    return { ...mapped, realPath: mapped.physicalPath, kind: 'missing' }
  return { ...mapped, realPath, kind }
}

/** What is at a path of the file system; below a directory of the site, names ignore case (I-44). */
export function kindIn({ applications }: WebSite, path: string): Kind {
  const exact = kindAt(path)
  if (exact !== 'missing' || path.endsWith('/')) return exact
  const roots = applications.flatMap(({ directories }) => directories.map(({ physicalPath }) => physicalPath))
  const root = roots.map((one) => one.replace(/\/$/, '')).find((one) => path.startsWith(`${one}/`))
  const realPath = root === undefined ? undefined : ignoringCase(root, path.slice(root.length))
  return realPath === undefined ? 'missing' : kindAt(realPath)
}

/** Devices, sockets and the like are not there. */
function kindAt(path: string): Kind {
  const found = lookAt(path)
  if (found?.isFile()) return path.endsWith('/') ? 'missing' : 'file'
  return found?.isDirectory() ? 'directory' : 'missing'
}
