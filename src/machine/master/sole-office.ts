import type { MasterStore, SchemaMark } from '../../kernel/store.ts'
import type { Listening } from '../http/listen.ts'
import { serveJson } from '../http/serve-json.ts'
import { writeReadyFile } from '../ready-file.ts'
import type { Listens, Office } from './office.ts'

/** The office of a controller that is the only one: it is master from the start, and listens when it has something to say. */
export function soleOffice(store: MasterStore & SchemaMark, listening: Listens): Office {
  let server: Listening | undefined
  return {
    store,
    async serve(routes) {
      const opened = await serveJson({ ...listening, routes: [...listening.always, ...routes] })
      listening.listens?.(opened)
      server = opened
      writeReadyFile(listening.readyFile, { port: opened.port })
      return opened.port
    },
    close: async () => server?.close(),
    resign: async () => {},
  }
}
