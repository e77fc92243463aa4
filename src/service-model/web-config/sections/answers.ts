import { choice, collection, flag, section, text, whole } from '../schema.ts'

/** The answers sent instead of errors (I-62). */
export const httpErrors = collection(
  {
    errorMode: choice(['DetailedLocalOnly', 'Custom', 'Detailed'], 'DetailedLocalOnly'),
    existingResponse: choice(['Auto', 'Replace', 'PassThrough'], 'Auto'),
    defaultPath: text(''),
    defaultResponseMode: choice(['File', 'ExecuteURL', 'Redirect'], 'File'),
    detailedMoreInformationLink: text(''),
    allowAbsolutePathsWhenDelegated: flag(false),
  },
  {
    item: 'error',
    schema: section({
      statusCode: whole(400, 999),
      subStatusCode: whole(-1, 999, -1),
      prefixLanguageFilePath: text(''),
      path: text(''),
      responseMode: choice(['File', 'ExecuteURL', 'Redirect'], 'File'),
    }),
    key: ['statusCode', 'subStatusCode'],
  },
)

const headers = collection({}, { schema: section({ name: text(), value: text('') }), key: ['name'] })

/** Headers of every answer (I-62). */
export const httpProtocol = section(
  { allowKeepAlive: flag(true) },
  { customHeaders: headers, redirectHeaders: headers },
)

/** Everything, or the matches of a wildcard, is somewhere else (I-62). */
export const httpRedirect = collection(
  {
    enabled: flag(false),
    destination: text(''),
    exactDestination: flag(false),
    childOnly: flag(false),
    appendQueryString: flag(true),
    httpResponseStatus: choice(['Permanent', 'Found', 'Temporary', 'PermRedirect'], 'Found'),
  },
  { schema: section({ wildcard: text(), destination: text('') }), key: ['wildcard'] },
)
