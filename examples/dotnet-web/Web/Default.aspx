<%@ Page Language="C#" Inherits="Guests.DefaultPage" MasterPageFile="~/Site.Master" %>
<asp:Content ContentPlaceHolderID="Body" runat="server">
  <h1><asp:Label ID="Greeting" runat="server" /></h1>
  <form runat="server">
    <asp:TextBox ID="Name" runat="server" />
    <asp:Button Text="Sign the book" OnClick="Sign" runat="server" />
  </form>
</asp:Content>
