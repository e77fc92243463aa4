using System.Reflection;

[assembly: AssemblyVersion("2.8.0.0")]
[assembly: AssemblyTitle("Microsoft.WindowsAzure.Diagnostics")]
[assembly: AssemblyDescription("Reddog's own: traces go to the output of the role, which Diagnostics collects (P-14).")]
