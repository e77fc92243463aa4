using System.Reflection;
using System.Runtime.CompilerServices;

// The newest that was published: Mono compares neither version nor key, so that references of 1.0 to 2.9 bind.
[assembly: AssemblyVersion("2.9.0.0")]
[assembly: AssemblyTitle("Microsoft.WindowsAzure.ServiceRuntime")]
[assembly: AssemblyDescription("Reddog's own: it speaks reddog-1 (role-runtime.md 3).")]
[assembly: InternalsVisibleTo("RoleHost")]
[assembly: InternalsVisibleTo("SiteHost")]
