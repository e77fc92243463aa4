namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>A directory of local storage.</summary>
    public class LocalResource
    {
        internal LocalResource(string name, string rootPath, int maximumSizeInMegabytes)
        {
            Name = name;
            RootPath = rootPath;
            MaximumSizeInMegabytes = maximumSizeInMegabytes;
        }

        public int MaximumSizeInMegabytes { get; }

        public string Name { get; }

        /// <summary>Absolute, with a trailing separator.</summary>
        public string RootPath { get; }
    }
}
