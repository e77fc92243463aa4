import type { MasterStore, SchemaMark } from '../../kernel/store.ts'
import type { RenewableListening } from '../http/listen.ts'
import { serveJson } from '../http/serve-json.ts'
import { writeReadyFile } from '../ready-file.ts'
import type { Listens, Office } from './office.ts'

/** The office of a controller that is the only one: it is master from the start, and listens when it has something to say. */
export function soleOffice(store: MasterStore & SchemaMark, listening: Listens): Office {
  let server: RenewableListening | undefined
  return {
    store,
    async serve(routes) {
      server = await serveJson({ ...listening, routes: [...listening.always, ...routes] })
      writeReadyFile(listening.readyFile, { port: server.port })
      return server.port
    },
    close: async () => server?.close(),
    renew: (tls) => server?.renew(tls),
    resign: async () => {},
  }
}
