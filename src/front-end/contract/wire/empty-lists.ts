import { document } from './document.ts'
import { text } from './scalars.ts'
import { list } from './tag.ts'

/** Lists of what this server has none of yet (11.3); each gets its own description when it does. */
export const emptyLists = {
  affinityGroups: document(list('AffinityGroups', text('AffinityGroup'))),
  certificates: document(list('Certificates', text('Certificate'))),
  extensionImages: document(list('ExtensionImages', text('ExtensionImage'))),
  extensions: document(list('Extensions', text('Extension'))),
}
