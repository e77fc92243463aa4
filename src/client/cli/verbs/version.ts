import { contractVersion, storeSchema, version } from '../../../kernel/version.ts'
import type { Verb } from '../verb.ts'

export const versionVerb: Verb = {
  name: 'version',
  form: '',
  about: 'Says which Reddog this is.',
  options: {},
  words: [0, 0],
  run({ terminal }) {
    const node = process.versions.node
    terminal.line(`Reddog ${version} (contract ${contractVersion}, store schema ${storeSchema}), Node ${node}`)
    terminal.object({ version, contract: contractVersion, storeSchema, node })
    return Promise.resolve()
  },
}
