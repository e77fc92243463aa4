/** Attributes that later versions of .NET Framework know, and for which Mono 6.8 refuses a file: seen there, one by one. */
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
const sections = ['deployment', 'fullTrustAssemblies', 'partialTrustVisibleAssemblies', 'protocols'] as const

export interface Mended {
  readonly text: string
  /** `httpRuntime/@fcnMode`, in their order; empty for a file that is as it was. */
  readonly removed: readonly string[]
}

/** A `web.config` without what IIS accepts and Mono refuses; all else, blanks and comments included, stays as it is. */
export function withoutRefused(text: string): Mended {
  const removed: string[] = []
  let kept = text
  for (const [element, names] of Object.entries(attributes))
    kept = kept.replace(new RegExp(`<${element}\\s[^<>]{0,10000}>`, 'g'), (tag) =>
      names.reduce((left, name) => {
        const shorter = left.replace(new RegExp(`\\s${name}\\s{0,9}=\\s{0,9}(?:"[^"]{0,2000}"|'[^']{0,2000}')`), '')
        if (shorter !== left) removed.push(`${element}/@${name}`)
        return shorter
      }, tag),
    )
  for (const section of sections) {
    const without = kept.replace(new RegExp(`<${section}(?:\\s[^<>]{0,2000})?(?:/>|>[^]{0,10000}?</${section}>)`), '')
    if (without !== kept) removed.push(section)
    kept = without
  }
  return { text: kept, removed }
}
