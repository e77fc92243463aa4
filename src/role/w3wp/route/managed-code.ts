import type { WebApplication } from '../../../service-model/application-host/application-host.ts'
import type { HandlerMapping } from '../handler.ts'
import { ignoringCase, namesIn } from '../ignoring-case.ts'
import { type Mapped, noExtension } from './find-mapping.ts'

const pipeline = 'ManagedPipelineHandler'

/** Whether ASP.NET answers requests of this mapping. */
export function isManaged({ modules }: HandlerMapping): boolean {
  return modules === pipeline
}

/** Whether a mapping takes all URLs without extension, so that an application may route them. */
export function byRoute(mapping: HandlerMapping): boolean {
  return mapping.path === noExtension && isManaged(mapping)
}

/** The same path for the application's modules, to which IIS sends files too with `runAllManagedModulesForAllRequests`. */
export function toManaged(mapped: Mapped): Mapped {
  return { ...mapped, mapping: { ...mapped.mapping, modules: pipeline } }
}

/** Whether an application has code of .NET that sees requests: a Global.asax, sources, or libraries. One of Node may have a `bin` too. */
export function holdsManagedCode({ directories }: WebApplication): boolean {
  const root = directories.find(({ path }) => path === '/')?.physicalPath
  if (root === undefined) return false
  const names = namesIn(root)
  if (names.some((name) => /^(?:global\.asax|app_code)$/i.test(name))) return true
  return names.some((name) => /^bin$/i.test(name)) && namesIn(ignoringCase(root, 'bin') ?? '').some(isLibrary)
}

const isLibrary = (name: string) => /\.dll$/i.test(name)
