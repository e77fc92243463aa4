import type { Element } from '../../kernel/xml.ts'
import { brief } from '../document/bounds.ts'
import { monoPackageOf } from '../dotnet/mono-assemblies.ts'

/** What of a role is asked. */
export interface DotnetGrounds {
  /** Whether it has a library, of the package or of ours. */
  readonly brings: (assembly: string) => boolean
}

/**
 * Needs of the parts of a `web.config` that .NET reads which are missing here, each with its line: types of libraries that neither the package
 * nor Mono has, and SQL Server in ways that only Windows can reach.
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
    const [type = '', assembly = ''] = typeIn(attributes['type'] ?? '')
    if (type === '' || assembly === '' || first.has(assembly) || isSomewhere(assembly, brings)) continue
    const [named, library] = [brief(type), brief(assembly)]
    first.set(
      assembly,
      `(${line}): the type ${named} is of ${library}, which neither the package nor Mono has: what comes to it throws. Put it into bin.`,
    )
  }
  return [...first.values()]
}

/** A type and its library; nothing for one of generic parameters, which have libraries of their own. Longer ones name nothing that there is. */
function typeIn(text: string): readonly string[] {
  return text.length > mostCharacters || /[[\]]/.test(text) ? [] : text.split(',').map((part) => part.trim())
}

/** Origin: choice; a type with its library, version and key has some 200. */
const mostCharacters = 1_000

/** In the package, in Mono, or compiled by ASP.NET itself. */
function isSomewhere(assembly: string, brings: DotnetGrounds['brings']): boolean {
  return /^(?:App_|__code$)/i.test(assembly) || brings(assembly) || monoPackageOf(assembly) !== undefined
}

/** Words of a connection string that only Windows understands, and what is told of them. */
const windowsWords = [
  [/^(?:data source|server)=[^|:]{0,200}\\./i, 'an instance by its name'],
  [/^(?:integrated security|trusted_connection)=(?:true|yes|sspi)/i, 'integrated security'],
  [/^attachdbfilename=/i, 'a database file'],
] as const

/** Who reads a connection string as SQL Server's; that of Entity Framework holds one in quotes. */
const sqlProviders = /^(?:|System\.Data\.SqlClient|System\.Data\.EntityClient)$/i

function windowsSql({ attributes, line }: Element): readonly string[] {
  if (!sqlProviders.test((attributes['providerName'] ?? '').trim())) return []
  const parts = (attributes['connectionString'] ?? '').split(/[;"]/).map((part) => part.trim().replace(/ ?= ?/, '='))
  const asked = windowsWords.filter(([words]) => parts.some((part) => words.test(part))).map(([, what]) => what)
  if (asked.length === 0) return []
  const name = brief(attributes['name'] ?? '')
  return [
    `(${line}): the connection string "${name}" asks SQL Server for ${asked.join(', ')}, as Windows alone has it: what opens it throws SqlException. Name a server by host and port, with user and password.`,
  ]
}
