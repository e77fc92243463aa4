import type { DriverFactory } from '../handler.ts'
import { serveStatic } from './serve-static.ts'

/** Files of the site, and what the protocol itself asks for (I-34, I-61). */
export const staticFiles: DriverFactory = () => ({
  serve: (request) => serveStatic(request),
  close: async () => {},
})
