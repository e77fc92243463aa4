import { choice, collection, flag, section, text, whole } from '../schema.ts'

const mostBytes = 2 ** 32 - 1

/** Strings of a list: `<add sequence="…">`. */
const listOf = <const Name extends string>(name: Name, attributes = {}) =>
  collection(attributes, { schema: section({ [name]: text() } as Record<Name, ReturnType<typeof text>>), key: [name] })

/** Requests that are refused before any other check (I-29, I-56, I-57). */
export const requestFiltering = section(
  {
    allowDoubleEscaping: flag(false),
    allowHighBitCharacters: flag(true),
    unescapeQueryString: flag(true),
    removeServerHeader: flag(false),
  },
  {
    fileExtensions: collection(
      { allowUnlisted: flag(true), applyToWebDAV: flag(true) },
      { schema: section({ fileExtension: text(), allowed: flag(true) }), key: ['fileExtension'] },
    ),
    requestLimits: section(
      {
        maxAllowedContentLength: whole(0, mostBytes, 30_000_000),
        maxUrl: whole(0, mostBytes, 4_096),
        maxQueryString: whole(0, mostBytes, 2_048),
      },
      {
        headerLimits: collection(
          {},
          { schema: section({ header: text(), sizeLimit: whole(0, mostBytes) }), key: ['header'] },
        ),
      },
    ),
    verbs: collection(
      { allowUnlisted: flag(true), applyToWebDAV: flag(true) },
      { schema: section({ verb: text(), allowed: flag(true) }), key: ['verb'] },
    ),
    hiddenSegments: listOf('segment', { applyToWebDAV: flag(true) }),
    denyUrlSequences: listOf('sequence'),
    denyQueryStringSequences: listOf('sequence'),
    alwaysAllowedUrls: listOf('url'),
    alwaysAllowedQueryStrings: listOf('queryString'),
    filteringRules: collection(
      {},
      {
        item: 'filteringRule',
        schema: section(
          {
            name: text(),
            scanUrl: flag(false),
            scanQueryString: flag(false),
            scanAllRaw: flag(false),
            denyUnescapedPercent: flag(true),
          },
          {
            scanHeaders: listOf('requestHeader'),
            appliesTo: listOf('fileExtension'),
            denyStrings: listOf('string'),
          },
        ),
        key: ['name'],
      },
    ),
  },
)

/** Which clients may send requests (I-28). */
export const ipSecurity = collection(
  {
    enableReverseDns: flag(false),
    allowUnlisted: flag(true),
    denyAction: choice(['AbortRequest', 'Unauthorized', 'Forbidden', 'NotFound'], 'Forbidden'),
    enableProxyMode: flag(false),
  },
  {
    schema: section({
      ipAddress: text(''),
      subnetMask: text('255.255.255.255'),
      domainName: text(''),
      allowed: flag(false),
    }),
    key: ['ipAddress', 'subnetMask', 'domainName'],
  },
)
