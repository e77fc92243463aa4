import type { Element } from '../../kernel/xml.ts'
import { brief } from '../document/bounds.ts'
import { monoPackageOf } from '../dotnet/mono-assemblies.ts'

/** What of a role is asked. */
export interface DotnetGrounds {
  /** Whether it has a library, of the package or of ours. */
  readonly brings: (assembly: string) => boolean
}

/**
 * What the parts of a `web.config` that .NET reads ask for and do not find here, each with its line: types of libraries that neither the package
 * nor Mono has, and SQL Server as only Windows reaches it.
 */
export function dotnetConfigurationFaults(root: Element, { brings }: DotnetGrounds): readonly string[] {
  const elements = descendants(root)
  return [...strangeTypes(elements, brings), ...elements.flatMap(windowsSql)]
}

function descendants(element: Element): readonly Element[] {
  return [element, ...element.children.flatMap(descendants)]
}

/** `Type, Assembly, Version=…`: once for each library. */
function strangeTypes(elements: readonly Element[], brings: DotnetGrounds['brings']): readonly string[] {
  const first = new Map<string, string>()
  for (const { attributes, line } of elements) {
    const [, type, assembly] = /^\s*([^,[\]]+),\s*([^,\s[\]]+)/.exec(attributes['type'] ?? '') ?? []
    if (!type || !assembly || first.has(assembly) || brings(assembly) || monoPackageOf(assembly)) continue
    const [named, library] = [brief(type.trim()), brief(assembly)]
    first.set(
      assembly,
      `(${line}): the type ${named} is of ${library}, which neither the package nor Mono has: what comes to it throws. Put it into bin.`,
    )
  }
  return [...first.values()]
}

/** Words of a connection string that only Windows understands, and what is told of them. */
const windowsWords = [
  [/(?:^|;)\s*(?:data source|server)\s*=\s*[^;]{0,200}\\[^;]{1,200}/i, 'an instance by its name'],
  [/(?:^|;)\s*(?:integrated security|trusted_connection)\s*=\s*(?:true|yes|sspi)/i, 'integrated security'],
  [/(?:^|;)\s*attachdbfilename\s*=/i, 'a database file'],
] as const

function windowsSql({ attributes, line }: Element): readonly string[] {
  const text = attributes['connectionString'] ?? ''
  const asked = windowsWords.filter(([words]) => words.test(text)).map(([, what]) => what)
  if (asked.length === 0) return []
  const name = brief(attributes['name'] ?? '')
  return [
    `(${line}): the connection string "${name}" asks SQL Server for ${asked.join(', ')}, as Windows alone has it: what opens it throws SqlException. Name a server by host and port, with user and password.`,
  ]
}
