using System;
using System.Web;

namespace Reddog.SiteHost
{
    /// <summary>Where no handler of the application takes a request: files are w3wp's, which serves them behind the application's modules.</summary>
    public sealed class HandBack : IHttpHandler
    {
        public bool IsReusable
        {
            get {
                return true;
            }
        }

        public void ProcessRequest(HttpContext context)
        {
            var request = ((IServiceProvider)context).GetService(typeof(HttpWorkerRequest)) as WorkerRequest;
            if (request != null) request.GiveBack();
        }
    }
}
