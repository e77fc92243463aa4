import { effective } from '../../../../service-model/web-config/effective.ts'
import { sections } from '../../../../service-model/web-config/sections.ts'
import type { HandlerRequest } from '../../handler.ts'
import type { FastCgiSettings } from './application.ts'

/**
 * The `fastCgi/application` of the request's script processor, `<program>|<arguments>` (I-32). When no file has that entry, the defaults apply: IIS
 * would refuse it.
 */
export function settingsFor({ mapping, section }: HandlerRequest): FastCgiSettings {
  const [, path = '', words = ''] = /^([^|]*)\|?(.*)$/s.exec(mapping.scriptProcessor) ?? []
  const isSame = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase()
  const found = section('fastCgi').items.find((item) => isSame(item.fullPath, path) && isSame(item.arguments, words))
  const defaults = effective(sections.fastCgi.collection.schema, []).value
  return found ?? { ...defaults, fullPath: path, arguments: words }
}
