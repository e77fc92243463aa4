import { refusals } from '../contract/errors.ts'
import { emptyLists } from '../contract/wire/empty-lists.ts'
import { type Query, reply } from './query.ts'
import { existingService } from './service-queries.ts'

/** Lists and look-ups of things that cannot be made yet (later.ts): there are none, and clients that ask go on (11.3). */
export const emptyQueries = {
  ListAffinityGroups: async () => reply(emptyLists.affinityGroups, []),
  GetAffinityGroup: async () => refusals.missing('The affinity group does not exist.'),
  ListAvailableExtensions: async () => reply(emptyLists.extensionImages, []),
  ListExtensionVersions: async () => reply(emptyLists.extensionImages, []),
  ListExtensions: ofService(() => reply(emptyLists.extensions, [])),
  GetExtension: ofService((call) => refusals.missing(`The extension ${call.params['extension']} does not exist.`)),
  ListServiceCertificates: ofService(() => reply(emptyLists.certificates, [])),
  GetServiceCertificate: ofService((call) =>
    refusals.missing(`The certificate ${call.params['certificate']} does not exist.`),
  ),
  RegisterResourceProvider: async () => refusals.missing('The service name is unknown.'),
} satisfies Readonly<Record<string, Query>>

function ofService(answer: (call: Parameters<Query>[0]) => Awaited<ReturnType<Query>>): Query {
  return async (call, sources) => {
    const service = await existingService(call, sources)
    return service.ok ? answer(call) : service
  }
}
