using System;
using System.Web.UI;
using System.Web.UI.WebControls;
using Microsoft.WindowsAzure.ServiceRuntime;

namespace Guests
{
    public class DefaultPage : Page
    {
        protected Label Greeting;
        protected TextBox Name;

        protected void Page_Load(object sender, EventArgs e)
        {
            Greeting.Text = RoleEnvironment.GetConfigurationSettingValue("Greeting");
        }

        protected void Sign(object sender, EventArgs e)
        {
            Greeting.Text += ", " + Server.HtmlEncode(Name.Text);
        }
    }
}
