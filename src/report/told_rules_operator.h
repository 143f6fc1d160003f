/* Of told_rules.h: the sentences of data/precautions/observations.yaml and of operator.yaml. */
/* clear-upload */
T("{0} of content were addressed to {1} ({2}) over plain HTTP in {3}. None of the known values was found in it; "
  "anybody on the way could read it.",
  "{0} de contenido se dirigieron a {1} ({2}) por HTTP sin cifrar en {3}. No se halló en él ninguno de los valores "
  "conocidos; cualquiera en el camino podía leerlo.")
/* clear-request */
T("{0} to {1} ({2}) over plain HTTP: anybody on the way could read what was asked for.",
  "{0} a {1} ({2}) por HTTP sin cifrar: cualquiera en el camino podía leer lo que se pedía.")
/* unreadable-in-flight */
T("{0} that cannot be read were addressed to {1} ({2}) in connections that were open during the flight.",
  "{0} que no se pueden leer se dirigieron a {1} ({2}) en conexiones abiertas durante el vuelo.")
/* countries-disagree */
T("{0}: the owner's country ({1}), the address registry's ({2}) and the place's ({3}) are not the same.",
  "{0}: el país del dueño ({1}), el del registro de direcciones ({2}) y el del lugar ({3}) no son el mismo.")
/* serial-broadcast */
T("{0} was broadcast: the number of the aircraft itself, the same in every flight, by which whoever listens knows it "
  "again. A session id would not be.",
  "Se emitió {0}: el número de la propia aeronave, el mismo en cada vuelo, por el que quien escucha la reconoce. Un "
  "identificador de sesión no lo sería.")
/* droneid-beside-remote-id */
T("DJI's own DroneID was sent beside Remote ID. It is asked for by no rule, and tells more: the home point, the "
  "phone's or controller's position, and a number of the account or device.",
  "Junto a Remote ID se emitió el DroneID propio de DJI. No lo pide ninguna norma, y dice más: el punto de origen, "
  "la posición del teléfono o del mando, y un número del aparato o de la cuenta.")
/* broadcast-odd */
T("What was broadcast is odd in {0}: {1}.", "Lo emitido es anómalo en {0}: {1}.")
/* POL-DESTINATIONS */
T("Nothing is sent but to the destinations that the policy allows",
  "No se envía nada salvo a los destinos que la política permite")
T("{0} in {1} were addressed to {2} ({3}), which the policy does not allow.",
  "{0} en {1} se dirigieron a {2} ({3}), que la política no permite.")
T("What the captures hold is addressed to destinations that the policy allows: {0}.",
  "Lo que contienen las capturas se dirige a destinos que la política permite: {0}.")
T("Data was addressed to destinations that the policy does not allow: {0}.",
  "Se dirigieron datos a destinos que la política no permite: {0}.")
T("This evidence does not show whether only allowed destinations are addressed.",
  "Esta evidencia no muestra si solo se usan destinos permitidos.")
T("The policy does not say where equipment may send to.", "La política no dice adónde puede enviar el equipo.")
T("Block the destination at the gateway, or allow it in the policy if it is needed.",
  "Bloquee el destino en la pasarela, o permítalo en la política si hace falta.")
/* POL-COUNTRY-OPERATOR */
T("Nothing is sent to owners whose headquarters are in a country that the policy forbids",
  "No se envía nada a dueños con sede en un país que la política prohíbe")
T("{0} were addressed to {1} ({2}); the owner's country is {3}, which the policy forbids.",
  "{0} se dirigieron a {1} ({2}); el país del dueño es {3}, que la política prohíbe.")
T("the countries of owners that are out, in the policy (forbidden_countries)",
  "los países de dueños excluidos, en la política (forbidden_countries)")
T("No owner of a destination in the captures is from a country that the policy forbids.",
  "Ningún dueño de un destino de las capturas es de un país que la política prohíba.")
T("Owners in countries that the policy forbids were addressed: {0}.",
  "Se enviaron datos dirigidos a dueños en países que la política prohíbe: {0}.")
T("This evidence does not tell the owners' countries of all destinations.",
  "Esta evidencia no dice los países de los dueños de todos los destinos.")
T("The policy forbids no country of owners.", "La política no prohíbe ningún país de dueños.")
/* POL-COUNTRY-REGISTRY */
T("Nothing is sent to addresses that are registered in a country that the policy forbids",
  "No se envía nada a direcciones registradas en un país que la política prohíbe")
T("{0} were addressed to {1}; its address is registered in {2}, which the policy forbids.",
  "{0} se dirigieron a {1}; su dirección está registrada en {2}, que la política prohíbe.")
T("the countries of address registrations that are out, in the policy (forbidden_countries)",
  "los países de registro de direcciones excluidos, en la política (forbidden_countries)")
T("No address in the captures is registered in a country that the policy forbids.",
  "Ninguna dirección de las capturas está registrada en un país que la política prohíba.")
T("Addresses registered in countries that the policy forbids: {0}.",
  "Direcciones registradas en países que la política prohíbe: {0}.")
T("This evidence does not tell where all addresses are registered.",
  "Esta evidencia no dice dónde están registradas todas las direcciones.")
T("The policy forbids no country of address registrations.",
  "La política no prohíbe ningún país de registro de direcciones.")
/* POL-COUNTRY-LOCATION */
T("Nothing is sent to places in a country that the policy forbids",
  "No se envía nada a lugares en un país que la política prohíbe")
T("{0} were addressed to {1}; the location database puts it in {2}, which the policy forbids.",
  "{0} se dirigieron a {1}; la base de datos de lugares lo sitúa en {2}, que la política prohíbe.")
T("the countries of places that are out, in the policy (forbidden_countries)",
  "los países de lugares excluidos, en la política (forbidden_countries)")
T("No destination in the captures is placed in a country that the policy forbids.",
  "Ningún destino de las capturas está situado en un país que la política prohíba.")
T("Destinations in countries that the policy forbids: {0}.", "Destinos en países que la política prohíbe: {0}.")
T("This evidence does not tell where all destinations are.", "Esta evidencia no dice dónde están todos los destinos.")
T("The policy forbids no country of places.", "La política no prohíbe ningún país de lugares.")
/* POL-LEAVE */
T("In each phase only what the policy names may leave", "En cada fase solo puede salir lo que la política nombra")
T("In the phase \"{0}\", {1} were addressed to {2} ({3}; {4}), which may not leave then.",
  "En la fase «{0}», {1} se dirigieron a {2} ({3}; {4}), que entonces no puede salir.")
T("what may leave in which phase, in the policy (may_leave)",
  "qué puede salir en cada fase, en la política (may_leave)")
T("In each phase that the policy names, nothing else than it lists was seen to leave.",
  "En cada fase que la política nombra no se vio salir nada más que lo que enumera.")
T("More left than the policy lists for the phase: {0}.", "Salió más de lo que la política enumera para la fase: {0}.")
T("This evidence does not tell in which phase all data left.",
  "Esta evidencia no dice en qué fase salieron todos los datos.")
T("The policy does not say what may leave in which phase.", "La política no dice qué puede salir en cada fase.")
T("Look at what was sent in that phase, and switch it off or allow it (may_leave).",
  "Mire qué se envió en esa fase, y apáguelo o permítalo (may_leave).")
/* POL-CARD */
T("Cards and phones are empty when they are put away", "Las tarjetas y los teléfonos están vacíos cuando se guardan")
T("{0} on what the policy says was found as it is.", "{0} en lo que la política dice que se halló tal cual.")
T("whether cards must be empty, in the policy (storage, card_empty)",
  "si las tarjetas deben estar vacías, en la política (storage, card_empty)")
T("No flight, photo or video was left on the card or phone.",
  "No quedaba ningún vuelo, foto ni vídeo en la tarjeta o el teléfono.")
T("Flights, photos or videos were left on the card or phone.",
  "Quedaban vuelos, fotos o vídeos en la tarjeta o el teléfono.")
T("This evidence does not show whether the card or phone was empty.",
  "Esta evidencia no muestra si la tarjeta o el teléfono estaba vacío.")
T("The policy does not ask for empty cards.", "La política no pide tarjetas vacías.")
T("Copy what you must keep, clear the card, and audit it again.",
  "Copie lo que deba conservar, vacíe la tarjeta y audítela de nuevo.")
/* POL-LOGS */
T("Flight logs are not kept longer than the policy says",
  "Los registros de vuelo no se guardan más tiempo del que dice la política")
T("Older than {0} days: {1}; the oldest is of {2}.", "Más antiguos que {0} días: {1}; el más antiguo es del {2}.")
T("how long flight logs may be kept, in the policy (limits, log_age_days_max)",
  "cuánto tiempo pueden guardarse los registros de vuelo, en la política (limits, log_age_days_max)")
T("No flight log in this evidence is older than {0} days.",
  "Ningún registro de vuelo de esta evidencia tiene más de {0} días.")
T("Flight logs older than {0} days were kept.", "Se guardaban registros de vuelo de más de {0} días.")
T("This evidence does not show how long flight logs are kept.",
  "Esta evidencia no muestra cuánto tiempo se guardan los registros de vuelo.")
T("The policy does not limit the age of flight logs.", "La política no limita la antigüedad de los registros de vuelo.")
T("Move old logs to your archive, delete them from the device, and audit it again.",
  "Pase los registros antiguos a su archivo, bórrelos del aparato y audítelo de nuevo.")
/* POL-BROADCAST */
T("The drone broadcasts nothing that the policy forbids", "El dron no emite nada que la política prohíba")
T("{0}, heard {1}; the policy forbids it.", "{0}: se oyó {1}; la política lo prohíbe.")
T("what may not be broadcast, in the policy (broadcast)", "qué no puede emitirse, en la política (broadcast)")
T("Nothing that the policy forbids was heard in the radio captures.",
  "En las capturas de radio no se oyó nada que la política prohíba.")
T("The drone broadcasts what the policy forbids.", "El dron emite lo que la política prohíbe.")
T("This evidence does not show what the drone broadcasts.", "Esta evidencia no muestra qué emite el dron.")
T("The policy forbids no broadcast.", "La política no prohíbe ninguna emisión.")
T("Change the drone's settings where the law lets you, or allow it in the policy.",
  "Cambie los ajustes del dron donde la ley lo permita, o permítalo en la política.")
T("the phase of what was addressed to {0}: captures with times, and the flight log or --phase",
  "la fase de lo que se dirigió a {0}: capturas con hora, y el registro de vuelo o --phase")
T("a radio capture (Wi-Fi in monitor mode, Bluetooth) from beside the drone while it is on",
  "una captura de radio (Wi-Fi en modo monitor, Bluetooth) hecha junto al dron encendido")
T("the owner's country of {0} that leash does not know (operator_hosts or allowed_destinations in the policy)",
  "el país del dueño de {0} que leash no conoce (operator_hosts o allowed_destinations en la política)")
T("an address database that knows {0} (--geoip)", "una base de datos de direcciones que conozca {0} (--geoip)")
T("a location database that knows {0} (--geoip)", "una base de datos de lugares que conozca {0} (--geoip)")
