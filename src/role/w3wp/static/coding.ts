import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import { type HeaderList, valuesOf } from '../rewrite/looking.ts'

/** A content coding, and how hard it is tried. */
export interface Coding {
  readonly name: 'gzip' | 'br'
  readonly level: number
}

type HttpCompression = Effective<(typeof sections)['httpCompression']>

/** For files, or for answers of programs. */
export type Compressed = 'static' | 'dynamic'

/** Unless a file says otherwise; `br` is an add-on of IIS, and there where a file adds its scheme. */
const builtIn = {
  name: 'gzip',
  doStaticCompression: true,
  staticCompressionLevel: 7,
  doDynamicCompression: true,
  dynamicCompressionLevel: 0,
}

/** Level 0 of IIS is its fastest; zlib's would be none. */
const fastest = 1

/** Highest levels that the two have; IIS counts gzip's to 10. */
const hardest = { gzip: 9, br: 11 } as const

/** The best of the schemes in force that the client accepts (RFC 9110, 12.5.3); of equals, the one named first there; undefined: none. */
export function codingFor(headers: HeaderList, compression: HttpCompression, what: Compressed): Coding | undefined {
  const weights = weightsOf(valuesOf(headers, 'Accept-Encoding').join(','))
  const [best] = schemesOf(compression, what)
    .map((coding) => ({ coding, weight: weights.get(coding.name) ?? weights.get('*') ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
  return best?.coding
}

function schemesOf({ items, removed, isCleared }: HttpCompression, what: Compressed): readonly Coding[] {
  const isWithdrawn = isCleared || [...removed, ...items.map(({ name }) => [name])].some(([name]) => isGzip(name))
  return [...items, ...(isWithdrawn ? [] : [builtIn])].flatMap((scheme) => {
    const name = isGzip(scheme.name) ? 'gzip' : scheme.name.toLowerCase()
    const isOn = what === 'static' ? scheme.doStaticCompression : scheme.doDynamicCompression
    if (!isOn || (name !== 'gzip' && name !== 'br')) return []
    const level = what === 'static' ? scheme.staticCompressionLevel : Math.max(fastest, scheme.dynamicCompressionLevel)
    return [{ name, level: Math.min(level, hardest[name]) } as const]
  })
}

const isGzip = (name: string | undefined) => name?.toLowerCase() === 'gzip'

/** By coding, in lower case; a weight that cannot be read is 0. */
function weightsOf(field: string): ReadonlyMap<string, number> {
  return new Map(
    field.split(',').map((member) => {
      const [name = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length)
      return [name === 'x-gzip' ? 'gzip' : name, weight === undefined ? 1 : Number(weight) || 0] as const
    }),
  )
}
