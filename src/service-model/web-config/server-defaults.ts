import { notesOn } from '../document/notes.ts'
import { parseRoot } from '../document/root.ts'
import { readPlaces } from './read-web-config.ts'
import type { WebConfig } from './web-config.ts'

/** Segments that nobody is served (I-41, I-56). */
const hidden =
  'web.config bin App_code App_GlobalResources App_LocalResources App_WebReferences App_Data App_Browsers iisnode.yml'

/** Extensions that nobody is served (I-56): sources, data and settings of ASP.NET and its tools. */
const denied =
  '.asax .ascx .master .skin .browser .sitemap .config .cs .csproj .vb .vbproj .webinfo .licx .resx .resources .mdb .vjsproj .java .jsl .ldb .dsdgm .ssdgm .lsad .ssmap .cd .dsprototype .lsaprototype .sdm .sdmDocument .mdf .ldf .ad .dd .ldd .sd .adprototype .lddprototype .exclude .refresh .compiled .msgx .vsdisco .rules'

const items = (words: string, item: (word: string) => string) => words.split(' ').map(item).join('')

const file = 'applicationHost.config'

/**
 * What ASP.NET answers, by the names of IIS's own mappings for .NET 4, which files remove and replace. The last one is for URLs that an application
 * routes.
 */
const managed: readonly (readonly [name: string, path: string, verb: string])[] = [
  ['TraceHandler-Integrated-4.0', 'trace.axd', 'GET,HEAD,POST,DEBUG'],
  ['AssemblyResourceLoader-Integrated-4.0', 'WebResource.axd', 'GET,DEBUG'],
  ['ScriptResourceIntegrated-4.0', '*ScriptResource.axd', 'GET,HEAD'],
  ['ScriptHandlerFactoryAppServices-Integrated-4.0', '*_AppService.axd', '*'],
  ['PageHandlerFactory-Integrated-4.0', '*.aspx', 'GET,HEAD,POST,DEBUG'],
  ['SimpleHandlerFactory-Integrated-4.0', '*.ashx', '*'],
  ['WebServiceHandlerFactory-Integrated-4.0', '*.asmx', 'GET,HEAD,POST,DEBUG'],
  ['svc-Integrated-4.0', '*.svc', '*'],
  ['ExtensionlessUrlHandler-Integrated-4.0', '*.', 'GET,HEAD,POST,DEBUG'],
]

const managedHandlers = managed
  .map(
    ([name, path, verb]) =>
      `<add name="${name}" path="${path}" verb="${verb}" preCondition="integratedMode,runtimeVersionv4.0"/>`,
  )
  .join('')

const source = `<configuration><system.webServer>
  <handlers>
    <add name="OPTIONSVerbHandler" path="*" verb="OPTIONS" modules="ProtocolSupportModule" requireAccess="None"/>
    <add name="TRACEVerbHandler" path="*" verb="TRACE" modules="ProtocolSupportModule" requireAccess="None"/>
    <add name="PHP_via_FastCGI" path="*.php" verb="GET,HEAD,POST,PUT,DELETE,PATCH" modules="FastCgiModule" scriptProcessor="php-cgi" resourceType="Either" requireAccess="Script"/>
    ${managedHandlers}
    <add name="StaticFile" path="*" verb="*" modules="StaticFileModule,DefaultDocumentModule,DirectoryListingModule" resourceType="Either" requireAccess="Read"/>
  </handlers>
  <httpProtocol><customHeaders><add name="X-Powered-By" value="ASP.NET"/></customHeaders></httpProtocol>
  <security><requestFiltering>
    <hiddenSegments>${items(hidden, (segment) => `<add segment="${segment}"/>`)}</hiddenSegments>
    <fileExtensions>${items(denied, (extension) => `<add fileExtension="${extension}" allowed="false"/>`)}</fileExtensions>
  </requestFiltering></security>
</system.webServer></configuration>`

/**
 * The web server's defaults, above all files: the content of IIS's own applicationHost.config (I-47, I-56). Default documents and types of files are
 * with the code that serves files.
 */
export const serverDefaults: WebConfig = read()

function read(): WebConfig {
  const notes = notesOn(file, '')
  const root = parseRoot(notes, source)
  const places = root ? readPlaces(notes, root, true) : []
  if (notes.errors.length > 0) throw new Error(notes.errors.join(' '))
  return { file, places }
}
