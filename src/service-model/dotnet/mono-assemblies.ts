/** Libraries of .NET Framework that Mono 6.8 of Debian 12 has in a package named like the library, as its archive lists them. */
const namedLikeTheirs = `
  Accessibility Microsoft.CSharp System System.ComponentModel.Composition System.ComponentModel.DataAnnotations System.Configuration
  System.Configuration.Install System.Core System.Data System.Data.DataSetExtensions System.Data.Entity System.Data.Linq System.Data.Services
  System.Data.Services.Client System.Deployment System.Design System.Drawing System.Drawing.Design System.Dynamic System.EnterpriseServices
  System.IO.Compression System.IO.Compression.FileSystem System.IdentityModel System.IdentityModel.Selectors System.Json System.Management
  System.Messaging System.Net System.Net.Http System.Net.Http.Formatting System.Net.Http.WebRequest System.Numerics System.Numerics.Vectors
  System.Reflection.Context System.Runtime.Caching System.Runtime.DurableInstancing System.Runtime.Serialization
  System.Runtime.Serialization.Formatters.Soap System.Security System.ServiceModel.Activation System.ServiceModel.Discovery
  System.ServiceModel.Routing System.ServiceModel.Web System.ServiceProcess System.Threading.Tasks.Dataflow System.Transactions System.Web
  System.Web.Abstractions System.Web.ApplicationServices System.Web.DynamicData System.Web.Extensions System.Web.Http System.Web.Http.SelfHost
  System.Web.Http.WebHost System.Web.Mobile System.Web.RegularExpressions System.Web.Routing System.Web.Services System.Windows
  System.Windows.Forms System.Workflow.Activities System.Workflow.ComponentModel System.Workflow.Runtime System.Xaml System.Xml
  System.Xml.Linq System.Xml.Serialization WindowsBase`

/** Those whose package has another name. */
const namedOtherwise: Readonly<Record<string, string>> = {
  mscorlib: 'libmono-corlib4.5-cil',
  'Microsoft.VisualC': 'libmono-microsoft-visualc10.0-cil',
  'Microsoft.Web.Infrastructure': 'libmono-microsoft-web-infrastructure1.0-cil',
  'System.DirectoryServices': 'libmono-system-ldap4.0-cil',
  'System.DirectoryServices.Protocols': 'libmono-system-ldap-protocols4.0-cil',
  'System.ServiceModel': 'libmono-system-servicemodel4.0a-cil',
  'System.ServiceModel.Internals': 'libmono-system-servicemodel-internals0.0-cil',
  'System.Windows.Forms.DataVisualization': 'libmono-system-windows-forms-datavisualization4.0a-cil',
}

/** Those that only say where a type is, for libraries that were built for several platforms. */
const facades = `
  Microsoft.Win32.Primitives Microsoft.Win32.Registry Microsoft.Win32.Registry.AccessControl System.AppContext System.Collections
  System.Collections.Concurrent System.Collections.NonGeneric System.Collections.Specialized System.ComponentModel
  System.ComponentModel.Annotations System.ComponentModel.EventBasedAsync System.ComponentModel.Primitives System.ComponentModel.TypeConverter
  System.Console System.Data.Common System.Data.SqlClient System.Diagnostics.Contracts System.Diagnostics.Debug
  System.Diagnostics.FileVersionInfo System.Diagnostics.Process System.Diagnostics.StackTrace System.Diagnostics.TextWriterTraceListener
  System.Diagnostics.Tools System.Diagnostics.TraceEvent System.Diagnostics.TraceSource System.Diagnostics.Tracing System.Drawing.Primitives
  System.Dynamic.Runtime System.Globalization System.Globalization.Calendars System.Globalization.Extensions System.IO
  System.IO.Compression.ZipFile System.IO.FileSystem System.IO.FileSystem.AccessControl System.IO.FileSystem.DriveInfo
  System.IO.FileSystem.Primitives System.IO.FileSystem.Watcher System.IO.IsolatedStorage System.IO.MemoryMappedFiles System.IO.Pipes
  System.IO.UnmanagedMemoryStream System.Linq System.Linq.Expressions System.Linq.Parallel System.Linq.Queryable
  System.Net.AuthenticationManager System.Net.Cache System.Net.Http.Rtc System.Net.HttpListener System.Net.Mail System.Net.NameResolution
  System.Net.NetworkInformation System.Net.Ping System.Net.Primitives System.Net.Requests System.Net.Security System.Net.ServicePoint
  System.Net.Sockets System.Net.Utilities System.Net.WebHeaderCollection System.Net.WebSockets System.Net.WebSockets.Client System.ObjectModel
  System.Reflection System.Reflection.Emit System.Reflection.Emit.ILGeneration System.Reflection.Emit.Lightweight System.Reflection.Extensions
  System.Reflection.Primitives System.Reflection.TypeExtensions System.Resources.Reader System.Resources.ReaderWriter
  System.Resources.ResourceManager System.Resources.Writer System.Runtime System.Runtime.CompilerServices.VisualC System.Runtime.Extensions
  System.Runtime.Handles System.Runtime.InteropServices System.Runtime.InteropServices.RuntimeInformation
  System.Runtime.InteropServices.WindowsRuntime System.Runtime.Numerics System.Runtime.Serialization.Formatters
  System.Runtime.Serialization.Json System.Runtime.Serialization.Primitives System.Runtime.Serialization.Xml System.Security.AccessControl
  System.Security.Claims System.Security.Cryptography.Algorithms System.Security.Cryptography.Csp System.Security.Cryptography.DeriveBytes
  System.Security.Cryptography.Encoding System.Security.Cryptography.Encryption System.Security.Cryptography.Encryption.Aes
  System.Security.Cryptography.Encryption.ECDiffieHellman System.Security.Cryptography.Encryption.ECDsa System.Security.Cryptography.Hashing
  System.Security.Cryptography.Hashing.Algorithms System.Security.Cryptography.Primitives System.Security.Cryptography.ProtectedData
  System.Security.Cryptography.RSA System.Security.Cryptography.RandomNumberGenerator System.Security.Cryptography.X509Certificates
  System.Security.Principal System.Security.Principal.Windows System.Security.SecureString System.ServiceModel.Duplex System.ServiceModel.Http
  System.ServiceModel.NetTcp System.ServiceModel.Primitives System.ServiceModel.Security System.ServiceProcess.ServiceController
  System.Text.Encoding System.Text.Encoding.CodePages System.Text.Encoding.Extensions System.Text.RegularExpressions System.Threading
  System.Threading.AccessControl System.Threading.Overlapped System.Threading.Tasks System.Threading.Tasks.Parallel System.Threading.Thread
  System.Threading.ThreadPool System.Threading.Timer System.ValueTuple System.Xml.ReaderWriter System.Xml.XDocument System.Xml.XPath
  System.Xml.XPath.XDocument System.Xml.XmlDocument System.Xml.XmlSerializer System.Xml.Xsl.Primitives netstandard`

const wordsOf = (text: string) => text.trim().split(/\s+/)

const packages: ReadonlyMap<string, string> = new Map([
  ...wordsOf(facades).map((name) => [name, 'mono-devel'] as const),
  ...wordsOf(namedLikeTheirs).map(
    (name) => [name, `libmono-${name.toLowerCase().replaceAll('.', '-')}4.0-cil`] as const,
  ),
  ...Object.entries(namedOtherwise),
])

const inLowerCase: ReadonlyMap<string, string> = new Map([...packages].map(([name, of]) => [name.toLowerCase(), of]))

/** The package of Debian that has a library of Mono, case ignored; undefined for one that Mono has not. */
export function monoPackageOf(assembly: string): string | undefined {
  return inLowerCase.get(assembly.toLowerCase())
}
