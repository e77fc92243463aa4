using System;
using System.Diagnostics;

namespace Microsoft.WindowsAzure.Diagnostics
{
    /// <summary>What old roles call in OnStart. Here DiagnosticsAgent collects, as the package's diagnostics.wadcfg and the plug-in's settings say.</summary>
    public class DiagnosticMonitor
    {
        private DiagnosticMonitor(DiagnosticMonitorConfiguration configuration)
        {
            Current = configuration;
        }

        public static bool AllowInsecureRemoteConnections { get; set; }

        public static string LocalDataDirectory => Environment.GetEnvironmentVariable("DiagnosticStore") ?? "";

        public DiagnosticMonitorConfiguration Current { get; private set; }

        public static DiagnosticMonitorConfiguration GetDefaultInitialConfiguration() => new DiagnosticMonitorConfiguration();

        public static DiagnosticMonitor Start(string connectionStringConfigurationSettingName) =>
            Start(connectionStringConfigurationSettingName, GetDefaultInitialConfiguration());

        public static DiagnosticMonitor Start(string connectionStringConfigurationSettingName, DiagnosticMonitorConfiguration configuration) =>
            Started(configuration);

        public static DiagnosticMonitor StartWithConnectionString(string connectionString, DiagnosticMonitorConfiguration configuration) =>
            Started(configuration);

        public void UpdateConfiguration(DiagnosticMonitorConfiguration newConfiguration)
        {
            Current = newConfiguration;
            Tell();
        }

        public void Shutdown()
        {
        }

        private static DiagnosticMonitor Started(DiagnosticMonitorConfiguration configuration)
        {
            if (configuration == null) throw new ArgumentNullException(nameof(configuration));
            Tell();
            return new DiagnosticMonitor(configuration);
        }

        private static void Tell()
        {
            var text = "DiagnosticMonitor and a configuration by code are passed over: what is collected is what diagnostics.wadcfg says. Put it there.";
            Trace.TraceWarning(text);
            Console.WriteLine($"<4>{text}");
        }
    }
}
