import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const namespace = 'http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceDefinition'

/** Writes a definition with those roles, and files beside it; answers with the path of the definition. */
export async function writeService(
  directory: string,
  roles: string,
  files: Readonly<Record<string, string>>,
  attributes = '',
): Promise<string> {
  const definition = join(directory, 'ServiceDefinition.csdef')
  const all = {
    ...files,
    'ServiceDefinition.csdef': `<ServiceDefinition name="shop" ${attributes} xmlns="${namespace}">${roles}</ServiceDefinition>`,
  }
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), content)
  }
  return definition
}

/** A worker role called Worker that runs `run.sh`. */
export const worker = `<WorkerRole name="Worker"><Runtime><EntryPoint><ProgramEntryPoint commandLine="run.sh" setReadyOnProcessStart="true"/></EntryPoint></Runtime></WorkerRole>`

/** A web role called Web with that content of its Sites and what else it has. */
export function web(sites: string, rest = ''): string {
  return `<WebRole name="Web"><Sites>${sites}</Sites><Endpoints><InputEndpoint name="HttpIn" protocol="http" port="80"/></Endpoints>${rest}</WebRole>`
}

export const bindings = '<Bindings><Binding name="HttpIn" endpointName="HttpIn"/></Bindings>'
