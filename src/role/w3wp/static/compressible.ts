import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'

type Types = Effective<(typeof sections)['httpCompression']>['staticTypes' | 'dynamicTypes']

/** Types that IIS compresses; a file's own come before (I-28). */
const builtIn = [
  'text/*',
  'message/*',
  'application/javascript',
  'application/x-javascript',
  'application/atom+xml',
  'application/xaml+xml',
  'application/json',
  'image/svg+xml',
]

/** Whether a media type is compressed: its own name has priority over `type/*`, and that over everything. */
export function isCompressible(contentType: string, { items, removed, isCleared }: Types): boolean {
  const [type = ''] = contentType
    .toLowerCase()
    .split(';', 1)
    .map((part) => part.trim())
  const isBuiltIn = (name: string) => builtIn.includes(name) && !isCleared && !removed.some(([key]) => key === name)
  for (const name of [type, type.replace(/\/.*$/, '/*'), '*/*']) {
    const item = items.find(({ mimeType }) => mimeType.toLowerCase() === name)
    if (item || isBuiltIn(name)) return item?.enabled ?? true
  }
  return false
}
