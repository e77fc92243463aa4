import { child, type Element, type Markup, parseXml, xml } from '../../kernel/xml.ts'
import type { ApplicationHost, SiteBinding, WebSite } from './application-host.ts'

/**
 * `applicationHost.config` of a web server without sites, which startup tasks find and may change (I-53), with the rewrite module set up (I-3), and
 * its machine key (I-14).
 */
export function baseApplicationHost(machineKey?: Markup): string {
  return documentOf(
    xml('configuration', {}, [
      xml('system.applicationHost', {}, [
        xml('applicationPools', {}, xml('applicationPoolDefaults')),
        xml('sites', {}, xml('siteDefaults')),
      ]),
      machineKey && xml('system.web', {}, machineKey),
      xml('system.webServer', {}, xml('rewrite', {}, [xml('globalRules'), xml('allowedServerVariables')])),
    ]),
  )
}

/**
 * The same document with these pools and sites, instead of those of their names that it has; everything else in it stays, such as settings of a
 * startup task. Throws XmlError when the text is not XML.
 */
export function withSites(source: string, { pools, sites }: Pick<ApplicationHost, 'pools' | 'sites'>): string {
  const host = (element: Element) =>
    changed(element, {
      applicationPools: (old) =>
        xml('applicationPools', old.attributes, [...pools.map(writePool), ...othersThan(old, 'add', pools)]),
      sites: (old) => xml('sites', old.attributes, [...sites.map(writeSite), ...othersThan(old, 'site', sites)]),
    })
  return documentOf(changed(parseXml(source), { 'system.applicationHost': host }))
}

/** An element with some of its children written anew; a missing child is added. */
function changed(element: Element, writers: Readonly<Record<string, (old: Element) => Markup>>): Markup {
  const write = (old: Element) => (Object.hasOwn(writers, old.local) ? writers[old.local]?.(old) : markupOf(old))
  const missing = Object.keys(writers).filter((name) => !child(element, name))
  return xml(element.local, element.attributes, [
    ...element.children.map(write),
    ...missing.map((name) => writers[name]?.(emptyElement(name))),
  ])
}

function emptyElement(local: string): Element {
  return { local, namespace: '', attributes: {}, children: [], text: '', line: 0 }
}

/** The children with other names: what a startup task has added stays. */
function othersThan(element: Element, local: string, ours: readonly { readonly name: string }[]): readonly Markup[] {
  const names = new Set(ours.map(({ name }) => name.toLowerCase()))
  const isOurs = (one: Element) => one.local === local && names.has((one.attributes['name'] ?? '').toLowerCase())
  return element.children.filter((one) => !isOurs(one)).map(markupOf)
}

/** An element as it was read, without comments, white space between elements and attributes of other namespaces. */
export function markupOf({ local, attributes, children, text }: Element): Markup {
  const written = Object.entries(attributes).filter(([name]) => !name.startsWith('{'))
  return xml(local, Object.fromEntries(written), children.length > 0 ? children.map(markupOf) : text.trim())
}

/** A pool's defaults are left to `applicationPoolDefaults`, so that a change there applies to it (I-24). */
function writePool({ name }: { readonly name: string }): Markup {
  return xml('add', { name, autoStart: true })
}

function writeSite({ name, id, bindings, logDirectory, traces, applications }: WebSite): Markup {
  return xml('site', { name, id, serverAutoStart: true }, [
    ...applications.map(({ path, pool, directories }) =>
      xml(
        'application',
        { path, applicationPool: pool },
        directories.map((directory) =>
          xml('virtualDirectory', { path: directory.path, physicalPath: directory.physicalPath }),
        ),
      ),
    ),
    xml('bindings', {}, bindings.map(writeBinding)),
    xml('logFile', { directory: logDirectory }),
    traces &&
      xml('traceFailedRequestsLogging', { enabled: true, directory: traces.directory, maxLogFiles: traces.mostFiles }),
  ])
}

function writeBinding({ protocol, address, port, hostHeader, certificate }: SiteBinding): Markup {
  const bindingInformation = `${address}:${port}:${hostHeader}`
  return xml('binding', {
    protocol,
    bindingInformation,
    certificateHash: certificate,
    // 1: the certificate is chosen by the name that the client asks for.
    sslFlags: certificate === undefined ? undefined : 1,
  })
}

/** The document of a root element, an element a line: people read this file, and change it by hand. */
export function documentOf({ markup }: Markup): string {
  let depth = 0
  const lines = markup.replaceAll('><', '>\n<').split('\n')
  const shown = lines.map((line) => {
    const closes = line.startsWith('</')
    if (closes) depth -= 1
    const indented = `${'  '.repeat(depth)}${line}`
    if (!closes && !line.endsWith('/>') && !line.includes('</')) depth += 1
    return indented
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${shown.join('\n')}\n`
}

/** An element and all in it, a line for each. */
export function linesOf(markup: Markup): readonly string[] {
  return documentOf(markup).trimEnd().split('\n').slice(1)
}
