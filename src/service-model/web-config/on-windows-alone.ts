import type { Layer } from './layer.ts'
import type { WebConfig } from './web-config.ts'

/** A handler that a file adds, and that runs on Windows alone. */
export interface WindowsPart {
  readonly file: string
  readonly line: number
  readonly what: string
}

/** Native modules that have their like here (I-31 to I-33, I-46, I-61), in lower case. */
const known: ReadonlySet<string> = new Set(
  [
    'iisnode',
    'ManagedPipelineHandler',
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

/** What a `web.config` adds that asks for ISAPI, CGI or a native module of others: no handler of ours stands for those. Types of .NET are Mono's. */
export function onWindowsAlone({ places }: WebConfig): readonly WindowsPart[] {
  return places.flatMap(({ sections }) =>
    added(sections.handlers).flatMap((item) => {
      const reason = ofHandler(words(item))
      return reason === undefined ? [] : [part(item, `handler ${nameOf(item)} ${reason}`)]
    }),
  )
}

function ofHandler({
  modules = 'ManagedPipelineHandler',
  type = '',
  preCondition = '',
}: Readonly<Record<string, string>>): string | undefined {
  // The classic mode has the same handlers once more, for ISAPI, and is not that of a role's pools.
  if (type !== '' || /classicMode/i.test(preCondition)) return undefined
  const strange = modules.split(',').filter((name) => !known.has(name.trim().toLowerCase()))
  return strange.length > 0 ? `needs ${strange.map((name) => name.trim()).join(', ')}` : undefined
}

function added(layer: Layer | undefined): readonly Layer[] {
  return (layer?.steps ?? []).flatMap((step) => (step.kind === 'add' ? [step.item] : []))
}

const words = ({ attributes }: Layer) => attributes as Readonly<Record<string, string>>

const nameOf = (item: Layer) => `"${words(item)['name'] ?? ''}"`

const part = ({ file, line }: Layer, what: string): WindowsPart => ({ file, line, what })
