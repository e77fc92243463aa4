using System.Reflection;

[assembly:AssemblyTitle("SiteHost")]
[assembly:AssemblyDescription("Reddog's own: one ASP.NET application, asked by w3wp.")]
