import { webProgram } from '../command-line/web-program.ts'
import { noSuchProgram } from '../command-line/why-not-interpreted.ts'
import type { RoleDefinition } from '../definition.ts'
import type { Layer } from '../web-config/layer.ts'
import type { WebConfig } from '../web-config/web-config.ts'
import type { Grounds } from './commands.ts'
import { fileFinder, roleRoot } from './file-finder.ts'
import { sampleVariables } from './sample.ts'

/** The parts of a package and of this machine in which a site's program is looked for. */
export type WebGrounds = Pick<Grounds, 'lookUp' | 'has'>

/**
 * Programs that a `web.config` starts for its requests (`aspNetCore`, `httpPlatform`; I-33) and that cannot run, each as a sentence with file and
 * line. `path` is that of the file below the role root. A program named by a variable of the machine is known only at the start, and not reported.
 */
export function webProgramFaults(
  role: RoleDefinition,
  path: string,
  { places }: WebConfig,
  grounds: WebGrounds,
): readonly string[] {
  const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  return places.flatMap(({ path: below, sections }) =>
    [sections.aspNetCore, sections.httpPlatform].flatMap((layer) => {
      const why = layer && whyNot(role, `${roleRoot}/${directory}/${below}`, layer, grounds)
      return why === undefined
        ? []
        : [`${path}(${layer?.line}): ${why.replace(/\.?$/, '.')} Requests to it are answered 502.5.`]
    }),
  )
}

function whyNot(
  role: RoleDefinition,
  cwd: string,
  { attributes }: Layer,
  { lookUp, has }: WebGrounds,
): string | undefined {
  const { processPath = '', arguments: words = '' } = attributes as Readonly<Record<string, string>>
  if (processPath === '' || /%(?!LAUNCHER_PATH)[^%]+%/i.test(processPath)) return undefined
  const find = fileFinder(cwd, lookUp)
  const program = webProgram(processPath, words, { variables: sampleVariables(role), find })
  if (!program.ok) return program.fault.message
  const { file } = program.value
  // A file found there in another case is named from the role root on.
  if (has(file) || (file.includes('/') && (find(file) ?? lookUp(file.replace(/^\.\//, ''))))) return undefined
  return `${noSuchProgram(processPath)}: install it on every host, or bring it`
}
