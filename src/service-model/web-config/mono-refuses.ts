import { SaxesParser } from 'saxes'
import { own } from '../../kernel/own.ts'

/** Attributes of later versions of .NET Framework for which Mono 6.8 refuses a file: seen there, one by one. */
const attributes: Readonly<Record<string, readonly string[]>> = {
  compilation: [
    'controlBuilderInterceptorType',
    'enablePrefetchOptimization',
    'maxConcurrentCompilations',
    'profileGuidedOptimizations',
  ],
  forms: ['cookieSameSite', 'ticketCompatibilityMode'],
  hostingEnvironment: ['urlMetadataSlidingExpiration'],
  httpCookies: ['sameSite'],
  httpRuntime: [
    'asyncPreloadMode',
    'defaultRegexMatchTimeout',
    'fcnMode',
    'maxConcurrentRequestsPerCPU',
    'maxConcurrentThreadsPerCPU',
  ],
  machineKey: ['dataProtectorType'],
  pages: ['ignoreDeviceFilters', 'renderAllHiddenFieldsAtTopOfForm'],
  roleManager: ['cookieSameSite'],
  sessionState: ['cookieSameSite'],
}

/** Sections of `system.web` that Mono has not. */
const sections: ReadonlySet<string> = new Set([
  'deployment',
  'fullTrustAssemblies',
  'partialTrustVisibleAssemblies',
  'protocols',
])

export interface Mended {
  readonly text: string
  /** `httpRuntime/@fcnMode`, in their order; empty for a file that is as it was. */
  readonly removed: readonly string[]
}

/**
 * A `web.config` without what IIS accepts and Mono refuses in `system.web`; all else, blanks and comments included, stays as it is. A file that
 * is not well-formed stays whole: ASP.NET reports what is wrong with it.
 */
export function withoutRefused(text: string): Mended {
  const whole: Mended = { text, removed: [] }
  const cuts: Cut[] = []
  const open: { readonly name: string; readonly from: number }[] = []
  const parser = new SaxesParser()
  let isWhole = true
  parser.on('error', () => (isWhole = false))
  parser.on('opentag', ({ name }) => {
    // No value holds a `<`.
    const from = text.lastIndexOf('<', parser.position - 1)
    if (open.some((above) => above.name === 'system.web'))
      cuts.push(...attributesOf(name, from, text.slice(from, parser.position)))
    open.push({ name, from })
  })
  parser.on('closetag', () => {
    const closed = open.pop()
    if (closed && sections.has(closed.name) && placesOfSections.has(open.map(({ name }) => name).join('/')))
      cuts.push({ what: closed.name, from: closed.from, to: parser.position })
  })
  parser.write(text).close()
  return isWhole ? without(text, cuts) : whole
}

interface Cut {
  readonly what: string
  readonly from: number
  readonly to: number
}

/** Where its sections stand. */
const placesOfSections: ReadonlySet<string> = new Set(['configuration/system.web', 'configuration/location/system.web'])

function attributesOf(element: string, from: number, tag: string): readonly Cut[] {
  const refused = own(attributes, element)
  if (!refused) return []
  // From the first of several blanks on: from each of them it would take their square.
  return [...tag.matchAll(/(?<!\s)\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)]
    .filter(([, name = '']) => refused.includes(name))
    .map(({ 0: written, 1: name, index }) => ({
      what: `${element}/@${name}`,
      from: from + index,
      to: from + index + written.length,
    }))
}

/** A cut inside another is removed with it. */
function without(text: string, cuts: readonly Cut[]): Mended {
  const inOrder = cuts.toSorted((one, other) => one.from - other.from)
  let [kept, at] = ['', 0]
  const removed: string[] = []
  for (const { what, from, to } of inOrder) {
    if (from < at) continue
    kept += text.slice(at, from)
    at = to
    removed.push(what)
  }
  return { text: kept + text.slice(at), removed }
}
