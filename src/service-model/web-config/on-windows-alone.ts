import type { Layer } from './layer.ts'
import type { WebConfig } from './web-config.ts'

/** A handler or module that a file adds, and that runs on Windows alone. */
export interface WindowsPart {
  readonly file: string
  readonly line: number
  readonly what: string
}

/** Native modules that have their like here (I-31 to I-33, I-46, I-61), in lower case. */
const known: ReadonlySet<string> = new Set(
  [
    'iisnode',
    'httpPlatformHandler',
    'AspNetCoreModule',
    'AspNetCoreModuleV2',
    'FastCgiModule',
    'StaticFileModule',
    'DefaultDocumentModule',
    'DirectoryListingModule',
    'HttpRedirectionModule',
    'ProtocolSupportModule',
    'OptionsVerbHandler',
    'TRACEVerbHandler',
  ].map((name) => name.toLowerCase()),
)

/** What a `web.config` adds that asks for ISAPI, CGI, a .NET type or a native module of others: no handler or module of ours stands for those. */
export function onWindowsAlone({ places }: WebConfig): readonly WindowsPart[] {
  return places.flatMap(({ sections }) => [
    ...added(sections.handlers).flatMap((item) => {
      const reason = ofHandler(words(item))
      return reason === undefined ? [] : [part(item, `handler ${nameOf(item)} ${reason}`)]
    }),
    ...added(sections.modules).flatMap((item) => {
      const { type = '' } = words(item)
      return type === '' ? [] : [part(item, `module ${nameOf(item)} is the .NET type ${type}`)]
    }),
  ])
}

function ofHandler({
  modules = 'ManagedPipelineHandler',
  type = '',
}: Readonly<Record<string, string>>): string | undefined {
  if (type !== '') return `is the .NET type ${type}`
  const strange = modules.split(',').filter((name) => !known.has(name.trim().toLowerCase()))
  return strange.length > 0 ? `needs ${strange.map((name) => name.trim()).join(', ')}` : undefined
}

function added(layer: Layer | undefined): readonly Layer[] {
  return (layer?.steps ?? []).flatMap((step) => (step.kind === 'add' ? [step.item] : []))
}

const words = ({ attributes }: Layer) => attributes as Readonly<Record<string, string>>

const nameOf = (item: Layer) => `"${words(item)['name'] ?? ''}"`

const part = ({ file, line }: Layer, what: string): WindowsPart => ({ file, line, what })
