import type { MasterStore, SchemaMark } from '../../kernel/store.ts'
import type { Listening } from '../http/listen.ts'
import { serveJson } from '../http/serve-json.ts'
import { writeReadyFile } from '../ready-file.ts'
import type { Office, OfficeOptions } from './office.ts'

/** The office of a controller that is the only one: it is master from the start, and listens when it has something to say. */
export function soleOffice(store: MasterStore & SchemaMark, options: OfficeOptions): Office {
  let server: Listening | undefined
  return {
    store,
    async serve({ routes, believes }) {
      server = await serveJson({ ...options, routes: [...options.always, ...routes], believes })
      writeReadyFile(options.readyFile, { port: server.port })
      return server.port
    },
    close: async () => server?.close(),
    resign: async () => {},
  }
}
