import type { DriverFactory } from './handler.ts'
import { aspNet } from './handlers/asp-net/driver.ts'
import { fastCgi } from './handlers/fast-cgi/driver.ts'
import { iisnode } from './handlers/iisnode/driver.ts'
import { platform } from './handlers/platform/driver.ts'
import { staticFiles } from './static/driver.ts'

/** The drivers for the modules of `handlers`, by name in lower case. Several names of one factory share a driver. */
export const drivers: ReadonlyMap<string, DriverFactory> = new Map<string, DriverFactory>([
  ['aspnetcoremodule', platform],
  ['aspnetcoremodulev2', platform],
  ['defaultdocumentmodule', staticFiles],
  ['directorylistingmodule', staticFiles],
  ['fastcgimodule', fastCgi],
  ['httpplatformhandler', platform],
  ['iisnode', iisnode],
  ['managedpipelinehandler', aspNet],
  ['protocolsupportmodule', staticFiles],
  ['staticfilemodule', staticFiles],
])
