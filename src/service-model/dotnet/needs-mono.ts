import type { HasProgram } from '../command-line/why-not-interpreted.ts'

/** Debian's packages that run roles of .NET: the last ones are used by ASP.NET and most libraries. */
export const monoPackages =
  'mono-runtime mono-mcs libmono-system-web4.0-cil libmono-system-web-services4.0-cil libmono-system-web-extensions4.0-cil libmono-system-runtime-serialization4.0-cil'

/** Why this machine does not run .NET, as a clause with the remedy; undefined when it does. */
export function whyNoMono(has: HasProgram): string | undefined {
  return has('mono') && has('mcs')
    ? undefined
    : `it is a library of .NET, and this machine has no Mono to run it: install Debian's packages ${monoPackages}`
}

/** The sentence about an entry point, with that clause. */
export function noMonoText(library: string, role: string, lack: string): string {
  return `The entry point "${library}" of role ${role} cannot be run: ${lack}.`
}

/** Whether a file of a package's role is a library or a page of .NET, by its name below the directory of roles. */
export function isDotnetFile(path: string): boolean {
  return /(?:^|\/)(?:approot|sitesroot)\/.*\.(?:dll|aspx|asax|ashx|asmx|svc|cshtml|vbhtml)$/i.test(path)
}
