import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import { rememberedOf } from '../remembered.ts'
import { type HeaderList, valuesOf } from '../rewrite/looking.ts'
import { type Refusal, refusal } from './refusal.ts'

type RequestFiltering = Effective<(typeof sections)['security/requestFiltering']>

/** The parts of a request for its first checks, before all others. */
export interface Filtered {
  readonly method: string
  /** Path and query as they were sent. */
  readonly rawPath: string
  readonly rawQuery: string
  /** Decoded, from `/`. */
  readonly path: string
  readonly headers: HeaderList
}

type Check = (asked: Filtered, section: RequestFiltering) => Refusal | undefined

/** Why a request is refused by `requestFiltering`; undefined when it is not (I-56, I-57). In the order of the module. */
export function filterRequest(asked: Filtered, section: RequestFiltering): Refusal | undefined {
  for (const check of checks) {
    const found = check(asked, section)
    if (found) return found
  }
  return undefined
}

const lower = (text: string) => text.toLowerCase()

const verbs: Check = ({ method }, { verbs: list }) => {
  const known = list.items.find(({ verb }) => verb === method)
  return (known?.allowed ?? list.allowUnlisted) ? undefined : refusal(404, 6, `The verb ${method} is not allowed here.`)
}

const limits: Check = ({ rawPath, rawQuery, headers }, { requestLimits }) => {
  const { maxUrl, maxQueryString, maxAllowedContentLength, headerLimits } = requestLimits
  const length = Number(valueOf(headers, 'content-length') ?? 0)
  if (length > maxAllowedContentLength)
    return refusal(413, 1, `The body has ${length} bytes; maxAllowedContentLength is ${maxAllowedContentLength}.`)
  if (rawPath.length > maxUrl) return refusal(404, 14, `The URL has ${rawPath.length} characters; maxUrl is ${maxUrl}.`)
  if (rawQuery.length > maxQueryString)
    return refusal(404, 15, `The query has ${rawQuery.length} characters; maxQueryString is ${maxQueryString}.`)
  const long = headerLimits.items.find(({ header, sizeLimit }) => (valueOf(headers, header)?.length ?? 0) > sizeLimit)
  return long && refusal(404, 10, `The header ${long.header} is longer than ${long.sizeLimit}.`)
}

/** A path that is another one when it is decoded once more (I-57). */
const doubleEscaping: Check = ({ rawPath, path }, { allowDoubleEscaping }) => {
  if (allowDoubleEscaping || !(rawPath.includes('+') || /%[0-9a-f]{2}/i.test(path))) return undefined
  return refusal(404, 11, 'The URL is escaped twice, or holds a +.')
}

const highBits: Check = ({ path }, { allowHighBitCharacters }) =>
  // oxlint-disable-next-line no-control-regex
  allowHighBitCharacters || !/[^\u0000-\u007f]/.test(path)
    ? undefined
    : refusal(404, 12, 'The URL holds characters beyond ASCII.')

const hiddenNames = rememberedOf(
  ({ items }: RequestFiltering['hiddenSegments']) => new Set(items.map(({ segment }) => lower(segment))),
)

const hiddenSegments: Check = ({ path }, { hiddenSegments: list }) => {
  const hidden = hiddenNames(list)
  const segment = lower(path)
    .split('/')
    .find((part) => hidden.has(part))
  return segment === undefined ? undefined : refusal(404, 8, `The segment ${segment} is hidden.`)
}

/** By extension in lower case; the first that speaks of one counts. */
const allowedExtensions = rememberedOf(
  ({ items }: RequestFiltering['fileExtensions']) =>
    new Map(items.map(({ fileExtension, allowed }) => [lower(fileExtension), allowed] as const).toReversed()),
)

/** `.` stands for names without an extension. */
const fileExtensions: Check = ({ path }, { fileExtensions: list }) => {
  const extension = extensionOf(path) || '.'
  return (allowedExtensions(list).get(extension) ?? list.allowUnlisted)
    ? undefined
    : refusal(404, 7, `Files with the extension ${extension} are not served.`)
}

const sequences: Check = ({ path, rawPath, rawQuery }, section) => {
  const { denyUrlSequences, denyQueryStringSequences, alwaysAllowedUrls, alwaysAllowedQueryStrings } = section
  if (denyUrlSequences.items.length === 0 && denyQueryStringSequences.items.length === 0) return undefined
  const isUrlFine = alwaysAllowedUrls.items.some(({ url }) => lower(url) === lower(path))
  const [url, query] = [lower(`${path}\n${rawPath}`), lower(`${decoded(rawQuery)}\n${rawQuery}`)]
  const inUrl = isUrlFine ? undefined : denyUrlSequences.items.find(({ sequence }) => url.includes(lower(sequence)))
  if (inUrl) return refusal(404, 5, `The URL holds the sequence ${inUrl.sequence}.`)
  const isQueryFine = alwaysAllowedQueryStrings.items.some(({ queryString }) => lower(queryString) === lower(rawQuery))
  if (isQueryFine) return undefined
  const inQuery = denyQueryStringSequences.items.find(({ sequence }) => query.includes(lower(sequence)))
  return inQuery && refusal(404, 18, `The query holds the sequence ${inQuery.sequence}.`)
}

const filteringRules: Check = ({ path, rawQuery, rawPath, headers }, { filteringRules: list }) => {
  const rule = list.items.find(({ scanUrl, scanQueryString, scanAllRaw, scanHeaders, appliesTo, denyStrings }) => {
    const extensions = appliesTo.items.map(({ fileExtension }) => lower(fileExtension))
    if (extensions.length > 0 && !extensions.includes(extensionOf(path))) return false
    const texts = [
      ...(scanUrl ? [path] : []),
      ...(scanQueryString ? [rawQuery, decoded(rawQuery)] : []),
      ...(scanAllRaw ? [rawPath, rawQuery, ...headers.map(([, value]) => value)] : []),
      ...scanHeaders.items.flatMap(({ requestHeader }) => valueOf(headers, requestHeader) ?? []),
    ].map(lower)
    return denyStrings.items.some(({ string }) => texts.some((text) => text.includes(lower(string))))
  })
  return rule && refusal(404, 19, `The filtering rule ${rule.name} refuses it.`)
}

const checks: readonly Check[] = [
  limits,
  verbs,
  sequences,
  doubleEscaping,
  highBits,
  hiddenSegments,
  fileExtensions,
  filteringRules,
]

/** With its dot, in lower case; '' for none. */
function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.includes('.') ? lower(name.slice(name.lastIndexOf('.'))) : ''
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Values of a field that occurs several times are one list. */
export function valueOf(headers: HeaderList, name: string): string | undefined {
  const values = valuesOf(headers, name)
  return values.length === 0 ? undefined : values.join(', ')
}
