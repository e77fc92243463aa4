<%@ WebHandler Class="Guests.InstanceHandler" %>
