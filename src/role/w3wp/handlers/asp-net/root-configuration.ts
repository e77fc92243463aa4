import { escapeAttribute } from '../../../../kernel/xml.ts'

/** Handlers and modules of .NET that a site adds. */
export interface AddedParts {
  readonly handlers: readonly { readonly path: string; readonly verb: string; readonly type: string }[]
  readonly modules: readonly { readonly name: string; readonly type: string }[]
}

const machineKeyElement = /<machineKey\s[^<>]{0,2000}\/>/

/** The machine key in applicationHost.config, which all instances of a role share; a site's own key has priority (I-14). */
export function machineKeyIn(applicationHost: string): string | undefined {
  return machineKeyElement.exec(applicationHost)?.[0]
}

/** The handler that gives a request back to the web server, whose files are its own affair. */
const handBack = 'Reddog.SiteHost.HandBack, SiteHost'

/** Mono's handlers of services, followed by their assembly in the file, and their replacements. */
const monosServices = /"System\.ServiceModel\.Channels\.SvcHttpHandlerFactory,[^"]{0,200}"/
const services = 'Reddog.SiteHost.ServiceHandlers, SiteHost'

/** The module that adds to each request what Mono leaves out. */
const requestModule = { name: 'ReddogRequest', type: 'Reddog.SiteHost.RequestModule, SiteHost' }

/**
 * Mono's `web.config` of the machine, made like that of IIS: it asks for no assembly that is not installed, no client is sent to a sign-in page
 * unless the site demands it, what `system.webServer` adds is known, and requests without a handler are given back.
 */
export function rootConfiguration(
  text: string,
  isInstalled: (assembly: string) => boolean,
  { handlers, modules }: AddedParts,
  machineKey: string | undefined,
): string {
  const added = handlers.map(({ path, verb, type }) => `<add ${attributes({ path, verb, type })} validate="false"/>`)
  const more = [requestModule, ...modules].map(({ name, type }) => `<add ${attributes({ name, type })}/>`)
  return text
    .replace(element, (whole) => (assembliesIn(whole).every(isInstalled) ? whole : ''))
    .replace(machineKeyElement, (own) => machineKey ?? own)
    .replace('<authentication mode="Forms">', '<authentication mode="None">')
    .replace('name=".MONOAUTH"', 'name=".ASPXAUTH"')
    .replaceAll('"System.Web.DefaultHttpHandler"', `"${handBack}"`)
    .replace(monosServices, `"${services}"`)
    .replace('<httpHandlers>', () => `<httpHandlers>${added.join('')}`)
    .replace('</httpModules>', () => `${more.join('')}</httpModules>`)
}

const element = /<add\s[^<>]{0,1000}\/>/g

/** Names of assemblies that an element speaks of, alone or behind a type. */
function assembliesIn(text: string): readonly string[] {
  return [...text.matchAll(/"(?:[\w.]+, )?([\w.]+), Version=/g)].map(([, name = '']) => name)
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeAttribute(value)}"`)
    .join(' ')
}
