import { effective } from '../../../../service-model/web-config/effective.ts'
import { sections } from '../../../../service-model/web-config/sections.ts'
import type { HandlerMapping } from '../../handler.ts'
import { onPath } from '../program/start-program.ts'

/** `*.php` goes to php-cgi where the machine has it, as if a startup task or the image had registered it (I-45): below what any file says. */
export function phpMapping(path: string): HandlerMapping | undefined {
  if (!onPath('php-cgi', path)) return undefined
  const said = {
    name: 'PHP_via_FastCGI',
    path: '*.php',
    verb: '*',
    modules: 'FastCgiModule',
    scriptProcessor: 'php-cgi',
  }
  return { ...effective(sections.handlers.collection.schema, []).value, ...said } as HandlerMapping
}
