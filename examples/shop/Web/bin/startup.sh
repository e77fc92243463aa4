#!/bin/sh
# Answers in JSON are compressed. 183: the type is there, from an earlier start of the role.
appcmd set config -section:httpCompression "/+dynamicTypes.[mimeType='application/json',enabled='True']" /commit:apphost || [ $? -eq 183 ]
